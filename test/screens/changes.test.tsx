import { expect, test } from "vitest"
import type { Alert } from "../../src/domain/alerts/rule-watch.ts"
import { DeckError } from "../../src/domain/errors.ts"
import type { Destinations } from "../../src/ui/kit/destinations.ts"
import { changesOfAlert } from "../../src/ui/screens/shared/changed-since.ts"
import { FIRST_MS } from "../support/access-log.ts"
import { entry, openLog, snapshot } from "../support/log-screen.tsx"
import { type FakeDeck, openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

const DAY = "2026-03-02"
const time = (clock: string) => Date.parse(`${DAY}T${clock}Z`)
const params: Destinations["changes"] = {
  filter: "",
  window: { fromMs: time("03:02:00"), untilMs: time("03:07:00") },
}
const row = (dimension: string, value: string, before: number, after: number, share: number, more: object = {}) => ({
  dimension,
  value,
  before_per_s: before,
  after_per_s: after,
  share_of_change: share,
  share_of_requests: 0.05,
  by_chance: false,
  since: before === 0 ? `${DAY}T03:02:10Z` : null,
  ...more,
})
const ANSWER = {
  window: "",
  with: "",
  of: "failed",
  before_per_s: 0.1,
  after_per_s: 15,
  by_chance: false,
  missing: [],
  before: { requests: 180_000, refused: 900, failed: 360, seconds: 3600 },
  after: { requests: 14_500, refused: 70, failed: 4_500, seconds: 300 },
  data: [
    row("route", "/v1/threads/:id/runs", 0.1, 14, 0.94),
    row("agent", "opsdeck-sdk/2.4.0", 0, 13, 0.91),
    row("country", "US", 0.1, 5.2, 0.35, { share_of_requests: 0.33 }),
    row("city", "Oslo", 0.01, 0.03, 0.001, { by_chance: true }),
  ],
}

function openChanges(run: FakeDeck["run"], size?: { columns: number; rows: number }, more: object = {}) {
  const screen = opening(shell => shell.open("changes", { ...params, ...more }))
  return openConsole([screen], { run: run as NonNullable<FakeDeck["run"]> }, size)
}

test("what changed: both windows, the change, and the values that make it, chance dim and last", async () => {
  const { press, see, lines } = openChanges(async () => ANSWER)
  await press("o")
  await see("SHARE OF THE CHANGE")
  expect(lines().slice(0, 7)).toMatchInlineSnapshot(`
    [
      " What changed   03-02 03:02 to 03:07 against 02:02 to 03:02                       failed 0.2% → 31%",
      " / no filter                           failed requests (5xx): 4 500 in 5 min, against 360 in 60 min",
      " DIMENSION       VALUE                            BEFORE   AFTER SHARE OF THE CHANGE",
      "▌path            /v1/threads/:id/runs              0.1/s    14/s █████████████▏  94%",
      " user agent      opsdeck-sdk/2.4.0                     -    13/s ████████████▊   91% new at 03:02:10",
      " country         US                                0.1/s   5.2/s ████▉           35% its usual share",
      " city            Oslo                             0.01/s  0.03/s ▏               <1% chance alone",
    ]
  `)
})

test("on a narrow terminal since when is told before the bars", async () => {
  const { press, see, lines } = openChanges(async () => ANSWER, { columns: 80, rows: 24 })
  await press("o")
  await see("OF CHANGE")
  expect(lines().slice(0, 7)).toMatchInlineSnapshot(`
    [
      " What changed   03-02 03:02 to 03:07 against 02:02 to 03:02   failed 0.2% → 31%",
      " / no filter       failed requests (5xx): 4 500 in 5 min, against 360 in 60 min",
      " DIMENSION       VALUE                 BEFORE   AFTER OF CHANGE",
      "▌path            /v1/threads/:id/runs   0.1/s    14/s ████▊  94%",
      " user agent      opsdeck-sdk/2.4.0          -    13/s ████▌  91% new at 03:02:10",
      " country         US                     0.1/s   5.2/s █▊     35% its usual share",
      " city            Oslo                  0.01/s  0.03/s ▏      <1% chance alone",
    ]
  `)
})

test("on a narrow terminal the filter stays, whatever there is to tell of the counts", async () => {
  const filters = async (columns: number) => {
    const { press, see, lines } = openChanges(async () => ({ ...ANSWER, of: "all", by_chance: true }), {
      columns,
      rows: 24,
    })
    await press("o")
    await see("chance alone could do it")
    return lines()[1]
  }
  expect(await filters(100)).toMatch(
    /^ \/ no filter +all requests: 14 500 in 5 min, against .* chance alone could do it$/,
  )
  expect(await filters(84)).toMatch(
    /^ \/ no filter +14 500 in 5 min, against 180 000 in 60 min chance alone could do it$/,
  )
  expect(await filters(70)).toMatch(/^ \/ no filter +chance alone could do it$/)
})

test("counts and rates are of what is held of a window", async () => {
  const missing = [{ from: `${DAY}T02:02:00Z`, until: `${DAY}T02:57:00Z`, lost: null, reason: "not_held" }]
  const before = { ...ANSWER.before, requests: 12_000, seconds: 300 }
  const { press, see, lines } = openChanges(async () => ({ ...ANSWER, of: "all", before, missing }))
  await press("o")
  await see("nothing is held of 02:02:00 to 02:57:00: rates are of the rest")
  expect(lines()[0]).toMatch(/requests 40\/s → 48\/s$/)
  expect(lines()[1]).toMatch(/all requests: 14 500 in 5 min, against 12 000 in 5 min$/)
})

test("keys compare with yesterday, of other requests, and within a filter", async () => {
  const asked: { with?: string; of?: string; filter?: string }[] = []
  const { press, see } = openChanges(async (_, input: never) => {
    asked.push(input)
    return { ...ANSWER, of: (input as { of?: string }).of ?? "failed" }
  })
  await press("o")
  await see("compare with yesterday")
  await press("b")
  await see("against 03-01 03:02 to 03:07", "failed requests (5xx)")
  await press("v")
  await see("all requests: 14 500 in 5 min, against 180 000 in 60 min")
  await press("j", "+")
  await see("/ agent:opsdeck-sdk/2.4.0")
  await press("<")
  await see("no filter")
  expect(asked.map(({ with: other, of, filter }) => [other, of, filter])).toEqual([
    ["2026-03-02T02:02:00Z..2026-03-02T03:02:00Z", undefined, undefined],
    ["2026-03-01T03:02:00Z..2026-03-01T03:07:00Z", undefined, undefined],
    ["2026-03-01T03:02:00Z..2026-03-01T03:07:00Z", "all", undefined],
    ["2026-03-01T03:02:00Z..2026-03-01T03:07:00Z", "all", "agent:opsdeck-sdk/2.4.0"],
  ])
})

test("from an alert the requests are compared that it measures, whatever else changed", async () => {
  const alert = { rule: "4xx%(ip) > 20 for 30s", of: "203.0.113.7", since: time("03:02:40") } as Alert
  const asked: object[] = []
  const more = changesOfAlert(alert, time("03:04:00"))
  const { press, see } = openChanges(
    async (_, input: never) => {
      asked.push(input)
      return { ...ANSWER, of: "refused" }
    },
    undefined,
    more,
  )
  await press("o")
  await see("/ ip:203.0.113.7", "refused requests (4xx)")
  expect(asked).toMatchObject([{ of: "refused", window: "2026-03-02T03:02:00Z..2026-03-02T03:04:00Z" }])
  expect(changesOfAlert({ ...alert, rule: "error% > 5" }, time("03:04:00"))?.of).toBe("failed")
  expect(changesOfAlert({ ...alert, rule: "rate > 5/s" }, time("03:04:00"))?.of).toBe("all")
})

test("while it is compared that is told, and Esc ends the query as well", async () => {
  let ended = false
  const { press, see, gone } = openChanges(
    (_, __, options) =>
      new Promise((_, reject) => {
        const { signal } = options as unknown as { signal: AbortSignal }
        signal.addEventListener("abort", () => {
          ended = true
          reject(new DeckError("cancelled", "cancelled"))
        })
      }),
  )
  await press("o")
  await see("comparing 03-02 03:02 to 03:07 with 02:02 to 03:02…", "Esc stop")
  await press("esc")
  await gone("comparing")
  await until(() => ended)
})

test("where nothing is held of a window, that is told with since when something is", async () => {
  const message = "nothing is held of the time before: the log is held since 2026-03-02T03:00:00Z"
  const { press, see } = openChanges(async () => {
    throw new DeckError("not_found", message, { field: "with" })
  })
  await press("o")
  await see("▲ nothing is held of the time before", "^R tries again")
})

test("before the first bars it is not known since when something is held: nothing is compared", async () => {
  const { keys } = await openLog(snapshot({ timeline: { from: 0, barMs: 1, ok: [], refused: [], failed: [] } }))
  expect(keys.press("b")).toMatchObject({ kind: "refused", reason: "what changed: nothing was read yet" })
})

test("two keys lead from a burst of errors to what changed with it", async () => {
  const second = (from: number, to: number) => Array.from({ length: 60 }, (_, at) => (at >= from && at <= to ? 80 : 0))
  const timeline = { from: FIRST_MS, barMs: 1000, ok: second(0, 59), refused: second(60, 60), failed: second(20, 59) }
  const rows = Array.from({ length: 60 }, (_, at) => ({
    kind: "entry" as const,
    at: FIRST_MS + at * 1000,
    entry: entry(at * 1000),
  }))
  const found = {
    ordinal: 20,
    id: null,
    oldest: null,
    reach: FIRST_MS,
    older: { state: "more" as const, lookedBackTo: null },
  }
  const log = await openLog(
    snapshot({ timeline, rows, end: 60, matching: 60, now: FIRST_MS + 60_000 }),
    [100, 30],
    {},
    { find: async () => ({ ...found, rows: 60 }) },
  )
  // Typed ahead: the second waits for where the first leads.
  log.keys.press("[")
  log.keys.press("b")
  await until(() => log.opened.length === 1)
  const window = { fromMs: FIRST_MS + 20_000, untilMs: FIRST_MS + 30_000 }
  expect(log.opened).toEqual([{ filter: "", window }])
})
