import { once } from "node:events"
import { describe, expect, test } from "vitest"
import type { StreamEvent } from "../../../src/adapters/redis/follow.ts"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import type { Found } from "../../../src/tail/protocol.ts"
import type { TailSource } from "../../../src/tail/source.ts"
import type { Tail } from "../../../src/tail/tail.ts"
import { entries, following, held, ROWS, readingBack, sourceOf } from "../../support/tail.ts"

describe("finding a place", () => {
  const live = () => Promise.resolve<StreamEvent>({ kind: "entries", entries: entries(1000, 1000 + ROWS) })
  const pathOf = (tail: Tail, generation: number, { ordinal }: Found) =>
    ordinal === null ? null : tail.inspect(generation, ordinal)?.entry.path

  test("looks in what is held, and reads the stream before it only where that does not reach", async () => {
    const { tail, sees, end } = following(sourceOf(live()))
    const { generation } = await sees(snapshot => held(snapshot) === ROWS)
    expect(pathOf(tail, generation, await tail.find(generation, { ms: 1020 }))).toBe("/n/1020")
    expect((await sees(({ seen }) => seen === ROWS)).start).toBe(0)
    const older = await tail.find(generation, { id: "950-0" })
    expect([older.id, pathOf(tail, generation, older)]).toEqual(["950-0", "/n/950"])
    await sees(snapshot => held(snapshot) === ROWS + 100)
    const none = await tail.find(generation, { ms: 800 })
    expect(none).toMatchObject({ ordinal: null, reach: 900, older: { state: "beginning" } })
    expect(tail.inspect(generation, none.oldest as number)?.entry.path).toBe("/n/900")
    await end()
  })

  test("ends where it is cancelled or another filter is set, however long the stream is", async () => {
    const asked = Promise.withResolvers<void>()
    const source: TailSource = {
      ...sourceOf(live()),
      ...readingBack(async function* (before) {
        for (let ms = Number(before.split("-")[0]); ; ms -= 10) {
          asked.resolve()
          yield entries(ms - 10, ms).reverse()
          await new Promise(setImmediate)
        }
      }),
    }
    const { tail, sees, end } = following(source)
    const { generation } = await sees(snapshot => held(snapshot) === ROWS)
    const left = tail.find(generation, { ms: 0 })
    await asked.promise
    tail.viewpoint.cancelSearch()
    expect(await left).toMatchObject({ ordinal: null, older: { state: "more" } })
    const other = tail.find(generation, { ms: 0 })
    tail.setFilter({ text: "status:5xx", users: new Map(), stayAt: null })
    expect(await other).toMatchObject({ ordinal: null })
    expect(await tail.find(generation, { ms: 1020 })).toMatchObject({ ordinal: null })
    await end()
  })

  test("looks no further back than some 20 000 entries at a time, and goes on from there", async () => {
    const source: TailSource = {
      ...sourceOf(live()),
      ...readingBack(async function* (before) {
        for (let ms = Number(before.split("-")[0]); ; ms -= 1000)
          yield entries(ms - 1000, ms)
            .map(entry => StreamEntry.from(entry.id, [["status", "200"]]))
            .reverse()
      }),
    }
    const from = 1_000_000
    const { tail, sees, end } = following({
      ...source,
      async *follow(signal) {
        yield { kind: "connected", after: `${from - 1}-0`, now: from }
        yield { kind: "entries", entries: entries(from, from + ROWS) }
        await once(signal, "abort")
      },
    })
    await sees(snapshot => held(snapshot) >= ROWS)
    tail.setFilter({ text: "status:5xx", users: new Map(), stayAt: null })
    const { generation } = await sees(({ filter, older }) => filter !== "" && older.state === "more")
    const { reach: first } = await tail.find(generation, { ms: 1 })
    const { reach: second, ordinal } = await tail.find(generation, { ms: 1 })
    expect([ordinal, (first as number) - (second as number)]).toEqual([null, 21_000])
    await end()
  })

  test("a filter that is to stay at an entry from before the ring reads as far back as that", async () => {
    const { tail, sees, end } = following(sourceOf(live()))
    await sees(snapshot => held(snapshot) === ROWS)
    tail.setFilter({ text: "", users: new Map(), stayAt: "920-0" })
    const { generation, stayedAt } = await sees(snapshot => snapshot.generation === 1 && snapshot.stayedAt !== null)
    expect(tail.inspect(generation, stayedAt as number)?.entry.path).toBe("/n/920")
    await end()
  })
})
