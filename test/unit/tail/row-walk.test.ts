import { once } from "node:events"
import { expect, onTestFinished, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import type { LogStep, TailSnapshot } from "../../../src/tail/protocol.ts"
import { Ring } from "../../../src/tail/ring.ts"
import { Tail } from "../../../src/tail/tail.ts"
import { FIRST_MS, idOf, request } from "../../support/access-log.ts"
import { readingBack } from "../../support/tail.ts"
import { until } from "../../support/waiting.ts"

const ALICE = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"
const BOB = "11111111-2222-4333-8444-555555555555"
const CAROL = "33333333-2222-4333-8444-555555555555"

/** Fields in which some of the requests 0 to 99 differ from the others. */
const SPECIAL: Readonly<Record<number, Record<string, string>>> = {
  10: { user_agent: "Needle/1.0" },
  50: { path: "/x/NEEDLE", status: "503" },
  55: { user_id: ALICE, client_ip: "192.0.2.1" },
  60: { status: "401", path: "/v1/auth/login", client_ip: "192.0.2.1" },
  70: { user_id: BOB, client_ip: "192.0.2.1" },
  72: { user_id: ALICE, client_ip: "192.0.2.1" },
  74: { user_id: ALICE, client_ip: "192.0.2.1" },
  76: { user_id: CAROL, client_ip: "192.0.2.9" },
  80: { status: "500" },
}
const requests = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const n = from + i
    return StreamEntry.from(idOf(n), Object.entries(request({ path: `/n/${n}`, ...SPECIAL[n] })))
  })

/** A tail that holds the requests 40 to 99, before which the stream has 0 to 39; the row 40 has the ordinal 0. */
async function holding() {
  let latest: TailSnapshot | undefined
  const tail: Tail = new Tail(
    {
      async *follow(signal) {
        yield { kind: "connected", after: idOf(39), now: FIRST_MS + 100 }
        yield { kind: "entries", entries: requests(40, 100) }
        await once(signal, "abort")
      },
      ...readingBack(async function* (before) {
        const end = Number(before.slice(0, -2)) - FIRST_MS
        for (let from = end - 10; from >= 0; from -= 10) yield requests(from, from + 10).reverse()
      }),
    },
    snapshot => {
      latest = snapshot
      setImmediate(() => tail.drawn())
    },
    new Ring(),
  )
  const reading = tail.run()
  onTestFinished(() => {
    tail.stop()
    return reading
  })
  const sees = (condition: (snapshot: TailSnapshot) => boolean) =>
    until(() => latest !== undefined && condition(latest) && latest)
  await sees(({ end }) => end === 60)
  const find = async (row: LogStep["row"], from: number, by: 1 | -1) => {
    const { ordinal, older, rows } = await tail.find(0, { row, from, by })
    return { n: ordinal === null ? null : ordinal + 40, older: older.state, rows }
  }
  return { tail, sees, find }
}

test("a text is found in any field and case, up and down, into what is older than the ring, and never by going round", async () => {
  const { tail, sees, find } = await holding()
  tail.setSearch({ text: "needle", users: [] })
  expect((await find("found", 59, -1)).n).toBe(50)
  expect((await find("found", 0, 1)).n).toBe(50)
  expect((await find("found", 10, 1)).n).toBeNull()
  expect((await find("found", 10, -1)).n).toBe(10)
  expect(await find("found", -30, -1)).toEqual({ n: null, older: "beginning", rows: 100 })
  tail.setView({ following: false, top: 5, rows: 10, bars: 0 })
  const { rows } = await sees(({ rowsFrom }) => rowsFrom === -5)
  expect(rows.flatMap(row => (row.kind === "entry" && row.isFound ? [row.entry.path] : []))).toEqual(["/x/NEEDLE"])
})

test("a text means a status and the users given with it; without a text nothing is found", async () => {
  const { tail, sees, find } = await holding()
  expect((await find("found", 59, -1)).n).toBeNull()
  tail.setSearch({ text: "401", users: [] })
  expect((await find("found", 59, -1)).n).toBe(60)
  tail.setSearch({ text: "alice", users: [ALICE] })
  expect((await find("found", 33, -1)).n).toBe(72)
  const isFound = ({ rows }: TailSnapshot) => rows.some(row => row.kind === "entry" && row.isFound)
  await sees(isFound)
  tail.setSearch(null)
  await sees(snapshot => !isFound(snapshot))
})

test("failed requests are gone to, one after the other", async () => {
  const { find } = await holding()
  expect((await find("failed", 59, -1)).n).toBe(80)
  expect((await find("failed", 40, -1)).n).toBe(50)
  expect((await find("failed", 10, 1)).n).toBe(80)
  expect((await find("failed", 40, 1)).n).toBeNull()
})

test("who was seen from an address is counted, and who came from there first after a request", async () => {
  const { tail } = await holding()
  const { requests, users, since } = await tail.held.seenFrom("192.0.2.1", idOf(60))
  expect([requests, since]).toEqual([5, FIRST_MS + 40])
  expect(users).toEqual([
    { userId: ALICE, requests: 3, last: FIRST_MS + 74, firstAfter: FIRST_MS + 72 },
    { userId: BOB, requests: 1, last: FIRST_MS + 70, firstAfter: FIRST_MS + 70 },
  ])
})

test("whether the request asked about is among them is told: it may be older than what is held, or from elsewhere", async () => {
  const { tail } = await holding()
  const isIncluded = async (id: string) => (await tail.held.seenFrom("192.0.2.1", id)).isIncluded
  expect(await Promise.all([idOf(70), idOf(30), idOf(62)].map(isIncluded))).toEqual([true, false, false])
})

test("who was seen from a network is counted over all of its addresses", async () => {
  const { tail } = await holding()
  expect(await tail.held.seenFrom("192.0.2.0/24", "0-0")).toMatchObject({ requests: 6, users: [{}, {}, {}] })
  expect(await tail.held.seenFrom("192.0.3.0/24", "0-0")).toMatchObject({ requests: 0, users: [] })
})
