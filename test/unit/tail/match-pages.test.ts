import { expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { readMatches } from "../../../src/tail/match-pages.ts"
import type { Predicate } from "../../../src/tail/matches.ts"
import type { PageStart } from "../../../src/tail/protocol.ts"
import { Ring } from "../../../src/tail/ring.ts"
import type { TailSource } from "../../../src/tail/source.ts"
import { readingBack } from "../../support/tail.ts"

const entry = (ms: number) => StreamEntry.from(`${ms}-0`, [["path", `/${ms}`]])
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => entry(from + i))
const id = ({ id }: { id: string }) => Number(id.split("-")[0])

/** A stream that holds the entries from `from` on, as many as it is asked to go back for. */
const streamFrom = (from: number) =>
  readingBack(async function* (before) {
    for (let end = id({ id: before }); end > from; end -= 700) yield range(Math.max(from, end - 700), end).reverse()
  })

/** The ids of all that pass, from the newest on; `between` is called after each page. */
async function readAll(
  ring: Ring,
  { reader }: Pick<TailSource, "reader">,
  passes: Predicate = () => true,
  between = () => {},
) {
  const signal = new AbortController().signal
  const ids: number[] = []
  let missed = 0
  let place: PageStart | null = {
    number: ring.end - 1,
    lowest: ring.start,
    before: new Map([["", ring.oldestEntry?.id ?? "5000-0"]]),
  }
  while (place !== null) {
    const reading = { ring, reader, passing: { passes, where: () => "1 = 1" }, sliceMs: 8, signal }
    const page = await readMatches(place, reading)
    ids.push(...page.entries.map(id))
    missed += page.missed
    place = page.next
    between()
  }
  return { ids, missed }
}

function ringOf(from: number, to: number, ring = new Ring()): Ring {
  for (const one of range(from, to)) ring.push(one)
  return ring
}

const down = (from: number, to: number) => range(from, to).map(id).reverse()

test("ring and stream are one: each match once, newest first, however many pages that takes", async () => {
  expect(await readAll(ringOf(5000, 8200), streamFrom(3000))).toEqual({ ids: down(3000, 8200), missed: 0 })
  const even: Predicate = ({ ms }) => ms % 2 === 0
  const { ids } = await readAll(ringOf(5000, 8200), streamFrom(3000), even)
  expect(ids).toEqual(down(3000, 8200).filter(ms => ms % 2 === 0))
})

test("with nothing in the ring it is the stream alone", async () => {
  expect(await readAll(new Ring(), streamFrom(3000))).toEqual({ ids: down(3000, 5000), missed: 0 })
})

/** A full ring that loses its oldest as it is read, a slab of 1024 or so at a time. */
function losing(): [ring: Ring, pushMore: () => void] {
  const ring = ringOf(5000, 9000, new Ring(4000))
  let next = 9000
  const pushMore = () => {
    ringOf(next, next + 600, ring)
    next += 600
    while (ring.surplus > 0) ring.drop()
  }
  return [ring, pushMore]
}

test("what comes meanwhile is not part of it, and what the ring drops meanwhile is read from the stream", async () => {
  const [ring, pushMore] = losing()
  const { ids } = await readAll(ring, streamFrom(4000), undefined, pushMore)
  expect(ids).toEqual(down(4000, 9000))
})

test("how many neither ring nor stream may hold any longer is told", async () => {
  const [ring, pushMore] = losing()
  const { ids, missed } = await readAll(ring, streamFrom(9000), undefined, pushMore)
  expect(missed).toBeGreaterThan(0)
  expect(ids).toEqual(down(5000 + missed, 9000))
})

test("before a stream that was made anew, whose ids may be lower, the stream is not asked", async () => {
  const ring = ringOf(5000, 6000)
  ring.push({ kind: "reset" })
  ringOf(100, 200, ring)
  expect((await readAll(ring, streamFrom(0))).ids).toEqual([...down(100, 200), ...down(5000, 6000)])
})
