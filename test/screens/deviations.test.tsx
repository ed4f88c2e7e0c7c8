import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { Deviation } from "../../src/domain/movers/deviations.ts"
import { ALICE, ATTACK, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const FAILING: Deviation = {
  key: "route",
  values: ["/v1/threads/:id/runs"],
  route: "/v1/threads/:id/runs",
  outcome: "failed",
  share: 0.4,
  perMinute: 87.4,
  before: null,
}
const THEIRS: Deviation = { ...ATTACK, key: "user", values: [ALICE], route: "/v1/me\u202e", before: 0 }

const open = (deviations: readonly Deviation[], size: [number, number] = [80, 20]) =>
  openLog(snapshot({ deviations }), size)
const named = (lines: readonly string[]) => lines.filter(line => line.startsWith(" ▲"))

test("what stands out is named below the filter, the first with its key", async () => {
  const { lines } = await open([ATTACK, FAILING], [100, 20])
  const filter = lines().findIndex(line => line.startsWith(" / no filter"))
  expect(lines().slice(filter + 1, filter + 3)).toMatchInlineSnapshot(`
    [
      " ▲ 193.32.218.0/24 +1: 99% of theirs refused on /v1/auth/login, from 4 to 210/min       w only this",
      " ▲ /v1/threads/:id/runs: 40% of its requests failed in 5m, 87/min",
    ]
  `)
  expect(lines()[filter + 3]).toMatch(/^ TIME/)
})

test("what was before is told where it was another figure: more, or less", async () => {
  const told = async (before: number | null) => {
    const { lines } = await open([{ ...ATTACK, before }], [100, 20])
    const [line = ""] = named(lines())
    cleanup()
    return /login(?: in 5m)?, (.*)\/min/.exec(line)?.[1]
  }
  expect(await told(160)).toBe("from 160 to 210")
  expect(await told(400)).toBe("down from 400 to 210")
  for (const alike of [null, 180, 210, 250]) expect(await told(alike)).toBe("210")
})

test("a user has a name, and nothing that came from outside is drawn as it came", async () => {
  const { lines, wanted } = await open([THEIRS])
  expect(named(lines())).toEqual([" ▲ Alice Liddell: 99% of theirs refused on /v1/me\\u202e, from 0 to 210/min    w"])
  expect(wanted).toContain(ALICE)
})

test("a low screen names one thing, a high one three at the most, and calm traffic leaves all to the log", async () => {
  const four = [ATTACK, FAILING, THEIRS, { ...FAILING, route: "/v1/me", values: ["/v1/me"] }]
  for (const [rows, most] of [
    [10, 1],
    [20, 2],
    [40, 3],
  ] as const) {
    const { lines } = await open(four, [100, rows])
    expect(named(lines())).toHaveLength(most)
    cleanup()
  }
  const { lines, keys } = await open([])
  expect(named(lines())).toEqual([])
  expect(keys.press("w")).toMatchObject({ kind: "refused" })
})

test("w takes the only one as the filter at once: all its senders, on every route", async () => {
  const { keys, filters } = await open([ATTACK])
  keys.press("w")
  await until(() => filters.length > 0)
  expect(filters).toEqual(["ip:193.32.218.0/24,2001:db8:0:1::/64"])
})

test("w asks which where there are more", async () => {
  const { keys, filters, pushed } = await open([ATTACK, FAILING])
  keys.press("w")
  await until(() => pushed.length > 0)
  const [{ id, params }] = pushed as [{ id: string; params: { take(deviation: Deviation): void } }]
  expect(id).toBe("deviations")
  params.take(FAILING)
  await until(() => filters.length > 0)
  expect(filters).toEqual(["route:/v1/threads/:id/runs"])
})

test("where there is little room, the key and the cause stay, and what has no line is counted", async () => {
  const others = [FAILING, THEIRS, { ...FAILING, route: "/v1/me", values: ["/v1/me"] }]
  const { lines, keys, pushed } = await open([ATTACK, ...others], [80, 20])
  expect(named(lines())).toMatchInlineSnapshot(`
    [
      " ▲ 193.32.218.0/24 +1: 99% of theirs refused on /v1/auth/login, 210/min       w",
      " ▲ /v1/threads/:id/runs: 40% of its requests failed in 5m, 87/min        2 more",
    ]
  `)
  keys.press("w")
  await until(() => pushed.length > 0)
  expect(pushed[0]?.params).toMatchObject({ found: [ATTACK, ...others] })
})
