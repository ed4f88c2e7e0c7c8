import fc from "fast-check"
import { expect, test } from "vitest"
import type { HistoryStore } from "../../../src/adapters/history/store.ts"
import { orderOfIds } from "../../../src/adapters/redis/stream-ids.ts"
import { DeckError } from "../../../src/domain/errors.ts"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { isEntry } from "../../../src/tail/held.ts"
import { LogReader } from "../../../src/tail/past/log-reader.ts"
import { MergedReader } from "../../../src/tail/past/merged-reader.ts"
import {
  beforeThese,
  behind,
  type From,
  type Passing,
  type PastRow,
  type Step,
} from "../../../src/tail/past/reading.ts"

const signal = new AbortController().signal
const everything: Passing = { passes: () => true, where: () => "1 = 1" }
const even: Passing = { ...everything, passes: ({ ms }) => ms % 2 === 0 }

const entry = (id: string) => StreamEntry.from(id, [])

/** The log of a gateway that holds these ids, oldest first, and is read `size` at a time. */
function readerOf(ids: readonly string[], size: number): LogReader {
  async function* stepsOf(wanted: readonly string[]) {
    for (let at = 0; at < wanted.length; at += size) yield wanted.slice(at, at + size).map(entry)
  }
  const history = { exists: async () => false, newest: async () => undefined } as Partial<HistoryStore> as HistoryStore
  return new LogReader(before => stepsOf(ids.filter(id => orderOfIds(id, before) < 0).toReversed()), {
    history,
    seam: () => Promise.reject(new Error("there is no history")),
    info: async () => ({
      exists: true,
      length: ids.length,
      firstId: "0-1",
      lastId: ids.at(-1) ?? "0-0",
      maxDeletedId: "0-0",
    }),
    readOn: after => stepsOf(ids.filter(id => orderOfIds(id, after) > 0)),
  })
}

const nameOf = ({ held }: PastRow) => (isEntry(held) ? `${held.gateway} ${held.id}` : `${held.gateway} ${held.kind}`)
const entriesOf = (rows: readonly PastRow[]) => rows.filter(({ held }) => isEntry(held)).map(nameOf)

/** All rows from a place on; after every `some` steps reading ends, and goes on where it ended. */
async function readAll(begin: From, some: number, read: (from: From) => AsyncGenerator<Step>): Promise<PastRow[]> {
  const rows: PastRow[] = []
  for (let next: From | undefined = begin; next !== undefined; ) {
    const from: From = next
    next = undefined
    let steps = 0
    for await (const step of read(from)) {
      rows.push(...step.rows)
      if (step.end) return rows
      next = step.next ?? next
      if (++steps >= some && next !== undefined) break
    }
  }
  return rows
}

type Id = readonly [ms: number, seq: number]
const someIds = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 })), {
    selector: ([ms, seq]) => `${ms}-${seq}`,
    maxLength: 25,
  })
  .map(ids => ids.toSorted((a: Id, b: Id) => a[0] - b[0] || a[1] - b[1]).map(([ms, seq]) => `${ms}-${seq}`))

/** What several gateways hold, oldest first. */
const inOrder = (logs: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(logs)
    .flatMap(([gateway, ids]) => ids.map(id => ({ gateway, id, at: id.split("-").map(Number) as unknown as Id })))
    .toSorted(
      (a, b) => a.at[0] - b.at[0] || (a.gateway < b.gateway ? -1 : a.gateway > b.gateway ? 1 : a.at[1] - b.at[1]),
    )
    .map(({ gateway, id }) => `${gateway} ${id}`)

const mergedOf = (logs: Readonly<Record<string, readonly string[]>>, size: number) =>
  new MergedReader(new Map(Object.entries(logs).map(([gateway, ids]) => [gateway, readerOf(ids, size)])))

const some = fc.integer({ min: 1, max: 4 })

test("back and on, all is read once and in order, wherever reading ends and goes on", async () => {
  await fc.assert(
    fc.asyncProperty(someIds, someIds, some, some, async (eu, us, size, steps) => {
      const reader = mergedOf({ us, eu }, size)
      const all = inOrder({ us, eu })
      const newest = beforeThese(
        new Map([
          ["eu", "99-0"],
          ["us", "99-0"],
        ]),
        {},
      )
      const back = await readAll(newest, steps, from => reader.back(from, everything, signal))
      expect(entriesOf(back)).toEqual(all.toReversed())
      const on = await readAll({ fromMs: 0 }, steps, from => reader.on(from, everything, signal))
      expect(on.map(nameOf)).toEqual(all)
      const passing = await readAll(newest, steps, from => reader.back(from, even, signal))
      expect(entriesOf(passing)).toEqual(
        all.filter(name => Number.parseInt(name.split(" ")[1] as string, 10) % 2 === 0).toReversed(),
      )
    }),
    { numRuns: 150 },
  )
})

test("from a row on, in both directions, the others are read from its place on", async () => {
  await fc.assert(
    fc.asyncProperty(someIds, someIds, some, async (eu, us, size) => {
      const reader = mergedOf({ us, eu }, size)
      const all = inOrder({ us, eu })
      for (const [index, name] of all.entries()) {
        const [gateway = "", id = ""] = name.split(" ")
        const spot = { gateway, id }
        const back = await readAll({ before: spot }, 9, from => reader.back(from, everything, signal))
        expect(entriesOf(back)).toEqual(all.slice(0, index).toReversed())
        const on = await readAll({ after: spot }, 9, from => reader.on(from, everything, signal))
        expect(on.map(nameOf)).toEqual(all.slice(index + 1))
        const behindIt = await readAll({ before: behind(spot) }, 9, from => reader.back(from, everything, signal))
        expect(entriesOf(behindIt)).toEqual(all.slice(0, index + 1).toReversed())
      }
    }),
    { numRuns: 30 },
  )
})

test("a gateway that cannot be read is told, and the others go on", async () => {
  const away = new LogReader(() => {
    throw new DeckError("unavailable", "Redis is away")
  }, undefined)
  const reader = new MergedReader(
    new Map([
      ["eu", readerOf(["1-1", "2-1"], 1)],
      ["us", away],
    ]),
  )
  const rows = await readAll({ beforeMs: 99 }, 9, from => reader.back(from, everything, signal))
  expect(rows.map(nameOf)).toEqual(["us unreachable", "eu 2-1", "eu 1-1"])
})

test("where the log of one begins, and those of others go on, a row says so", async () => {
  const reader = mergedOf({ eu: ["1-1", "2-1", "5-1"], us: ["4-1", "6-1"] }, 1)
  const rows = await readAll({ beforeMs: 99 }, 9, from => reader.back(from, everything, signal))
  expect(rows.map(nameOf)).toEqual(["us 6-1", "eu 5-1", "us 4-1", "us begins", "eu 2-1", "eu 1-1"])
})

test("how far was looked is never beyond a row that is yet to come", async () => {
  await fc.assert(
    fc.asyncProperty(someIds, someIds, some, async (eu, us, size) => {
      let reached = Number.POSITIVE_INFINITY
      for await (const step of mergedOf({ us, eu }, size).back({ beforeMs: 99 }, everything, signal)) {
        for (const { held } of step.rows) if (isEntry(held)) expect(held.at).toBeLessThanOrEqual(reached)
        reached = step.reached ?? reached
      }
    }),
    { numRuns: 60 },
  )
})
