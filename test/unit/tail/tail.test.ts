import { once } from "node:events"
import { describe, expect, test } from "vitest"
import type { StreamEvent } from "../../../src/adapters/redis/follow.ts"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { stepAt } from "../../../src/domain/threshold-ladder.ts"
import type { TailSnapshot } from "../../../src/tail/protocol.ts"
import type { TailSource } from "../../../src/tail/source.ts"
import { entries, following, held, ROWS, readingBack, sourceOf } from "../../support/tail.ts"

test("older entries fill the screen at first, and go when the live ones fill it", async () => {
  const live = Promise.withResolvers<StreamEvent>()
  const { sees, end } = following(sourceOf(live.promise))
  await sees(snapshot => held(snapshot) === 100)
  live.resolve({ kind: "entries", entries: entries(1000, 1000 + ROWS) })
  await sees(snapshot => held(snapshot) === ROWS)
  await end()
})

test("older entries that were asked for stay, though the console has yet to say which rows it looks at", async () => {
  const first = Promise.resolve<StreamEvent>({ kind: "entries", entries: entries(1000, 1000 + ROWS) })
  const [second, third] = [Promise.withResolvers<StreamEvent>(), Promise.withResolvers<StreamEvent>()]
  const { tail, sees, end } = following(sourceOf(first, second.promise, third.promise))
  await sees(snapshot => held(snapshot) === ROWS)
  tail.viewpoint.loadOlder()
  await sees(({ older }) => older.state === "beginning")
  // Each is published by a round of the clock, which would let go of the older ones.
  for (const [i, more] of [second, third].entries()) {
    more.resolve({ kind: "entries", entries: entries(1000 + ROWS + i, 1001 + ROWS + i) })
    await sees(({ seen }) => seen === ROWS + 1 + i)
  }
  tail.setView({ following: false, top: 0, rows: ROWS, bars: 0 })
  await sees(snapshot => held(snapshot) === 102 + ROWS && snapshot.older.state === "beginning")
  await end()
})

test("a filter that is to stay at an entry says where that is, or the next one that passes", async () => {
  const { tail, sees, end } = following(
    sourceOf(Promise.resolve({ kind: "entries", entries: entries(1000, 1000 + ROWS) })),
  )
  await sees(snapshot => held(snapshot) === ROWS)
  const pathAt = async (text: string, stayAt: string) => {
    tail.setFilter({ text, users: new Map(), stayAt })
    const { generation, stayedAt } = await sees(snapshot => snapshot.filter === text && snapshot.stayedAt !== null)
    return tail.inspect(generation, stayedAt as number)?.entry.path
  }
  const entry = entries(1020, 1021)[0] as StreamEntry
  expect(await pathAt("", entry.id)).toBe("/n/1020")
  expect(await pathAt("path:/n/103", entry.id)).toBe("/n/1030")
  expect(await pathAt("path:/n/101", entry.id)).toBe("/n/1019")
  await end()
})

test("an ordinal is answered for under the filter it was seen with, and under no other", async () => {
  const { tail, sees, end } = following(
    sourceOf(Promise.resolve({ kind: "entries", entries: entries(1000, 1000 + ROWS) })),
  )
  await sees(snapshot => held(snapshot) === ROWS)
  const { generation, end: above } = await sees(snapshot => snapshot.older.state === "more")
  expect(tail.inspect(generation, above - 1)?.entry.path).toBe("/n/1049")
  tail.setFilter({ text: "path:/n/104", users: new Map(), stayAt: null })
  await sees(snapshot => snapshot.generation !== generation)
  expect(tail.inspect(generation, above - 1)).toBeNull()
  await end()
})

test("counts whom a threshold would have hit of what the ring holds, and reads on meanwhile", async () => {
  const risky = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) =>
      StreamEntry.from(`${from + i}-0`, [
        ["risk_score", String((from + i) % 100)],
        ["client_ip", `10.0.0.${i % 7}`],
        ["user_id", i % 2 === 0 ? "alice" : ""],
      ]),
    )
  const order: string[] = []
  const later = Promise.withResolvers<void>()
  const { tail, sees, end } = following({
    async *follow(signal) {
      yield { kind: "connected", after: "999-0", now: 1000 }
      for (let from = 1000; from < 151_000; from += 1000) yield { kind: "entries", entries: risky(from, from + 1000) }
      await later.promise
      yield { kind: "entries", entries: risky(151_000, 152_000) }
      order.push("read on")
      await once(signal, "abort")
    },
    ...readingBack(async function* () {}),
  })
  await sees(snapshot => snapshot.held === 150_000)
  const counting = tail.held.count(0.9)
  void counting.then(() => order.push("counted"))
  later.resolve()
  const { oldest, seen, addresses, users, ...byRisk } = await counting
  expect({ oldest, seen }).toEqual({ oldest: new Map([["", "1000-0"]]), seen: 150_000 })
  expect(stepAt(0.9, byRisk)).toMatchObject({ rejected: 15_000, signed_in: 7_500 })
  expect([addresses.size, [...users]]).toEqual([7, [["alice", 7_500]]])
  expect(order).toEqual(["read on", "counted"])
  await end()
})

test("the timeline is of everything held, whatever the filter, in as many bars as are asked for", async () => {
  const { tail, sees, end } = following(
    sourceOf(Promise.resolve({ kind: "entries", entries: entries(1000, 1000 + ROWS) })),
  )
  tail.setFilter({ text: "status:5xx", users: new Map(), stayAt: null })
  tail.setView({ following: true, top: 0, rows: ROWS, bars: 10 })
  const { timeline } = await sees(({ timeline }) => timeline.ok.length > 0)
  expect(timeline).toEqual({ from: 1000, barMs: 100, ok: [ROWS], refused: [0], failed: [0] })
  await end()
})

describe("movers", () => {
  const WATCH = { minutes: 5, sort: "rate", rows: 10 } as const
  const now = Date.now()
  /** Requests of the last seconds, `count` of each address. */
  const requests = (counts: Readonly<Record<string, number>>, status: string, at = now - 5_000) =>
    Object.entries(counts).flatMap(([ip, count]) =>
      Array.from({ length: count }, () =>
        StreamEntry.from(`${at}-0`, [
          ["client_ip", ip],
          ["status", status],
        ]),
      ),
    )
  const batch = (...entries: StreamEntry[]): Promise<StreamEvent> => Promise.resolve({ kind: "entries", entries })
  const source = (...live: readonly Promise<StreamEvent>[]): TailSource => ({
    async *follow(signal) {
      yield { kind: "connected", after: `${now - 60_000}-0`, now: Date.now() }
      for (const event of live) yield await event
      await once(signal, "abort")
    },
    ...readingBack(async function* () {}),
  })
  const filter = (text: string) => ({ text, users: new Map(), stayAt: null })
  const addresses = ({ movers }: TailSnapshot) =>
    movers?.dimensions[0]?.movers.map(({ value, share }) => [value, share]) ?? []

  test("are told of the requests that pass, anew for every filter from what the ring holds, and on from there", async () => {
    const more = Promise.withResolvers<StreamEvent>()
    const { tail, sees, end } = following(
      source(
        batch(...requests({ "10.0.0.1": 6, "10.0.0.2": 2 }, "200"), ...requests({ "10.0.0.2": 1 }, "503")),
        more.promise,
      ),
    )
    expect((await sees(({ seen }) => seen === 9)).movers).toBeNull()
    tail.watchMovers(WATCH)
    const first = await sees(({ movers }) => movers !== null)
    expect(addresses(first)).toEqual([
      ["10.0.0.1", 6 / 9],
      ["10.0.0.2", 3 / 9],
    ])
    tail.setFilter(filter("status:503"))
    await sees(snapshot => addresses(snapshot).length === 1)
    more.resolve({ kind: "entries", entries: requests({ "10.0.0.3": 3, "10.0.0.2": 2 }, "503") })
    const followed = await sees(snapshot => addresses(snapshot).length === 2)
    expect(addresses(followed)).toEqual([
      ["10.0.0.2", 3 / 6],
      ["10.0.0.3", 3 / 6],
    ])
    tail.setFilter(filter(""))
    expect(addresses(await sees(snapshot => addresses(snapshot).length === 3))[0]).toEqual(["10.0.0.1", 6 / 14])
    tail.watchMovers(null)
    await sees(({ movers }) => movers === null)
    await end()
  })

  test("say how much of the window was seen: since the oldest entry that was looked at, whether it passed or not", async () => {
    const old = requests({ "10.0.0.1": 1 }, "200", now - 40_000)
    const { tail, sees, end } = following(source(batch(...old, ...requests({ "10.0.0.1": 1 }, "503"))))
    tail.setFilter(filter("status:503"))
    tail.watchMovers(WATCH)
    const { movers } = await sees(snapshot => addresses(snapshot).length === 1)
    expect(movers?.seenSeconds).toBeGreaterThan(39)
    expect(movers?.seenSeconds).toBeLessThan(60)
    await end()
  })

  test("of a stream that was made anew know nothing from before, under any filter", async () => {
    const { tail, sees, end } = following(
      source(
        batch(...requests({ "10.0.0.1": 5 }, "200")),
        Promise.resolve({ kind: "reset" }),
        batch(...requests({ "10.0.0.2": 1 }, "200")),
      ),
    )
    tail.watchMovers(WATCH)
    expect(addresses(await sees(snapshot => snapshot.seen === 6 && addresses(snapshot).length > 0))).toEqual([
      ["10.0.0.2", 1],
    ])
    tail.setFilter(filter("ip:10.0.0.0/8"))
    const { movers } = await sees(snapshot => snapshot.generation === 1 && snapshot.matching === 7)
    expect(movers?.dimensions[0]?.distinct).toBe(1)
    await end()
  })
})
