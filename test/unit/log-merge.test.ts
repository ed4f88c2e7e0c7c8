import { expect, test } from "vitest"
import type { StreamEvent } from "../../src/adapters/redis/follow.ts"
import { LogMerge } from "../../src/adapters/redis/log-merge.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

/** Entries that are all there are at the moment, and a part of them. */
const entries = (...ids: string[]): StreamEvent => ({ ...part(...ids), isAll: true })
const part = (...ids: string[]): StreamEvent & { kind: "entries" } => ({
  kind: "entries",
  entries: ids.map(id => StreamEntry.from(id, [])),
})
const connected: StreamEvent = { kind: "connected", after: "0-0", now: 0 }
const down: StreamEvent = { kind: "disconnected", reason: "away", attempt: 1, retryInMs: 100 }

/** What is taken at a time: `eu 5-0` for an entry, the kind of anything else. */
const taken = (merge: LogMerge, nowMs: number) =>
  [...merge.take(nowMs)].flatMap(event =>
    event.kind === "entries"
      ? event.entries.map(({ gateway, id }) => `${gateway} ${id}`)
      : [`${event.gateway} ${event.kind}${event.kind === "late" ? ` ${event.byMs}` : ""}`],
  )

function mergeOf(...gateways: string[]): LogMerge {
  const merge = new LogMerge(gateways, 0)
  for (const gateway of gateways) merge.push(gateway, connected, 0)
  taken(merge, 0)
  return merge
}

test("entries of several gateways come by milliseconds, then gateway, then id", () => {
  const merge = mergeOf("us", "eu")
  merge.push("us", entries("1-0", "3-0", "3-1", "9-0"), 10)
  merge.push("eu", entries("2-5", "3-7", "4-0"), 10)
  expect(taken(merge, 10)).toEqual(["us 1-0", "eu 2-5", "eu 3-7", "us 3-0", "us 3-1", "eu 4-0"])
  expect(merge.heldOf("us")).toBe(1)
})

test("an entry waits for gateways that are connected, and no longer than 250 ms", () => {
  const merge = mergeOf("us", "eu")
  merge.push("us", entries("5-0"), 100)
  expect(taken(merge, 349)).toEqual([])
  expect(merge.dueMs).toBe(350)
  expect(taken(merge, 350)).toEqual(["us 5-0"])
  expect(merge.dueMs).toBeUndefined()
})

test("nobody waits for a gateway that is out of reach", () => {
  const merge = mergeOf("us", "eu")
  merge.push("eu", down, 50)
  merge.push("us", entries("5-0"), 100)
  expect(taken(merge, 100)).toEqual(["eu disconnected", "us 5-0"])
})

test("at the start a second is waited for a gateway that has not connected yet", () => {
  const merge = new LogMerge(["us", "eu"], 0)
  merge.push("us", connected, 0)
  merge.push("us", entries("5-0"), 10)
  expect(taken(merge, 999)).toEqual(["us connected"])
  merge.push("eu", connected, 999)
  merge.push("eu", entries("4-0"), 999)
  expect(taken(merge, 999)).toEqual(["eu connected", "eu 4-0", "us 5-0"])
})

test("for one that is catching up is waited longer, at the start and after an outage", () => {
  const merge = new LogMerge(["us", "eu"], 0)
  merge.push("us", connected, 0)
  merge.push("us", entries("5000-0"), 0)
  merge.push("eu", { ...connected, isBehind: true }, 0)
  expect(taken(merge, 2_999)).toEqual(["eu connected", "us connected"])
  merge.push("eu", part("1000-0"), 3_000)
  expect(taken(merge, 3_000)).toEqual(["eu 1000-0", "us 5000-0"])
  merge.push("us", entries("6000-0"), 3_100)
  expect(taken(merge, 6_000)).toEqual([])
  expect(taken(merge, 6_100)).toEqual(["us 6000-0"])
  merge.push("eu", entries("7000-0"), 6_200)
  merge.push("us", entries("7001-0"), 6_200)
  expect(taken(merge, 6_450)).toEqual(["eu 7000-0", "us 7001-0"])
})

test("what comes later than others that were given is told to be late once; it counts when it was, and stands where it came", () => {
  const merge = mergeOf("us", "eu")
  merge.push("us", entries("9000-0"), 0)
  taken(merge, 300)
  merge.push("eu", entries("2000-0", "3000-0"), 400)
  const events = [...merge.take(700)]
  expect(events).toMatchObject([{ kind: "late", gateway: "eu", byMs: 7_000 }, { kind: "entries" }])
  expect(events[1]).toMatchObject({
    entries: [
      { at: 2_000, placedAt: 9_000 },
      { at: 3_000, placedAt: 9_000 },
    ],
  })
  merge.push("eu", entries("4000-0"), 800)
  expect(taken(merge, 1_100)).toEqual(["eu 4000-0"])
  merge.push("eu", entries("9500-0"), 1_200)
  expect(taken(merge, 1_500)).toEqual(["eu 9500-0"])
  merge.push("eu", entries("5000-0"), 1_600)
  merge.push("us", entries("9600-0"), 1_600)
  expect(taken(merge, 1_900)).toEqual(["eu late 4500", "eu 5000-0", "us 9600-0"])
})

test("what happened to a gateway keeps its place among its entries", () => {
  const merge = mergeOf("us", "eu")
  merge.push("us", entries("1-0"), 0)
  merge.push("us", { kind: "gap", lost: 3, from: "1-0", to: "5-0", exact: true }, 0)
  merge.push("us", entries("5-0"), 0)
  merge.push("eu", entries("2-0", "6-0"), 0)
  expect(taken(merge, 0)).toEqual(["us 1-0", "us gap", "eu 2-0", "us 5-0"])
})
