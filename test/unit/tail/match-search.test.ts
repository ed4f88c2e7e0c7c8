import fc from "fast-check"
import { expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { type Held, isEntry, type Marker } from "../../../src/tail/held.ts"
import { locate } from "../../../src/tail/match-search.ts"
import { Matches } from "../../../src/tail/matches.ts"
import type { LogPlace } from "../../../src/tail/protocol.ts"
import { Ring } from "../../../src/tail/ring.ts"
import { cpuTime } from "../../support/cpu-time.ts"

const entry = (ms: number, status = "200") => StreamEntry.from(`${ms}-0`, [["status", status]])
const lost = (from: number, to: number): Marker => ({
  kind: "gap",
  lost: 1,
  from: `${from}-0`,
  to: `${to}-0`,
  exact: true,
})
const anew: Marker = { kind: "reset" }

function holding(held: readonly Held[], passes = (_: StreamEntry) => true) {
  const matches = new Matches(new Ring(), passes)
  for (const one of held) matches.accept(one)
  return matches
}

/** The milliseconds of the row that a place leads to, or the kind of the marker there. */
function landing(matches: Matches, place: LogPlace, reach?: string) {
  const ordinal = locate(
    matches,
    place,
    reach === undefined ? undefined : { name: reach, at: Number.parseInt(reach, 10) },
  )
  const held = ordinal === undefined ? undefined : matches.at(ordinal)
  return held && (isEntry(held) ? held.ms : held.kind)
}

test("a moment leads to the first row from then on; later than all, to the newest", () => {
  const matches = holding([entry(10), entry(20), entry(30)])
  expect([11, 20, 30, 31].map(ms => landing(matches, { ms }, "10-0"))).toEqual([20, 20, 30, 30])
  expect(landing(matches, { id: "20-0" }, "10-0")).toBe(20)
  expect(landing(matches, { id: "20-1" }, "10-0")).toBe(30)
})

test("what lies further back than was looked is nowhere, though all that passes is younger", () => {
  const matches = holding([entry(10), entry(20, "500"), entry(30, "500")], held => held.get("status") === "500")
  expect(landing(matches, { ms: 9 }, "10-0")).toBeUndefined()
  expect(landing(matches, { ms: 9 })).toBeUndefined()
  expect(landing(matches, { ms: 10 }, "10-0")).toBe(20)
  expect(landing(holding([]), { ms: 10 }, "10-0")).toBeUndefined()
})

test("a moment within a loss leads to what came after it, its beginning to the loss", () => {
  const matches = holding([entry(10), lost(11, 29), entry(30)])
  expect([11, 20, 30].map(ms => landing(matches, { ms }, "10-0"))).toEqual(["gap", 30, 30])
})

test("the bar before a moment is that of the row before it, however many bars are empty between", () => {
  const matches = holding([entry(101), entry(109), entry(250), entry(251)])
  expect(landing(matches, { before: 250, barMs: 10 }, "101-0")).toBe(101)
  expect(landing(matches, { before: 260, barMs: 10 }, "101-0")).toBe(250)
  expect(landing(matches, { before: 100, barMs: 10 }, "101-0")).toBeUndefined()
})

test("a burst begins at its first error, or where its bar does if none of them passes", () => {
  const matches = holding([entry(100), entry(101), entry(105, "503"), entry(106, "500"), entry(120, "500")])
  expect(landing(matches, { ms: 100, failedWithin: 10 }, "100-0")).toBe(105)
  expect(landing(matches, { ms: 110, failedWithin: 5 }, "100-0")).toBe(120)
  expect(landing(holding([entry(100), entry(120, "500")]), { ms: 100, failedWithin: 10 }, "100-0")).toBe(100)
})

test("where the stream was made anew ids may go back: the newest run that reaches around the moment has it", () => {
  const back = holding([entry(1000), entry(1010), anew, entry(900), entry(950)])
  expect([905, 1005].map(ms => landing(back, { ms }, "1000-0"))).toEqual([950, 1010])
  const on = holding([entry(1000), anew, entry(1010), entry(1020)])
  expect([1000, 1005, 1015, 1030].map(ms => landing(on, { ms }, "1000-0"))).toEqual([1000, 1010, 1020, 1020])
})

test("finds what looking at every row finds, losses and older pages among them", () => {
  const times = fc.array(fc.nat({ max: 60 }), { minLength: 1 }).map(all => all.sort((a, b) => a - b))
  fc.assert(
    fc.property(times, fc.nat({ max: 20 }), fc.nat({ max: 70 }), (times, older, ms) => {
      const matches = holding(times.map(time => entry(100 + time)))
      matches.prepend(Array.from({ length: older }, (_, i) => entry(99 - i)))
      const all = [...Array.from({ length: older }, (_, i) => 100 - older + i), ...times.map(time => 100 + time)]
      const wanted = 95 + ms
      expect(landing(matches, { ms: wanted }, "0-0")).toBe(all.find(time => time >= wanted) ?? all.at(-1))
    }),
  )
})

test("200 000 held rows are searched in no time", () => {
  const matches = holding(Array.from({ length: 200_000 }, (_, ms) => entry(1000 + ms)))
  const taken = cpuTime(() => {
    for (let ms = 1000; ms < 201_000; ms += 200) locate(matches, { ms }, { name: "1000-0", at: 1000 })
  })
  expect(taken).toBeLessThan(1_000)
})

test("what came late from a gateway is found by its name, and does not lead astray who looks for a time", () => {
  const of = (gateway: string, ms: number, behind = 0) => Object.assign(entry(ms), { gateway, behind })
  const matches = holding([
    of("us", 90),
    of("us", 100),
    of("us", 110),
    of("eu", 50, 110),
    of("us", 111),
    of("eu", 60, 111),
    of("us", 120),
  ])
  expect([105, 110, 112, 120].map(ms => landing(matches, { ms }))).toEqual([110, 110, 120, 120])
  expect(landing(matches, { id: "eu/60-0" })).toBe(60)
  expect(landing(matches, { id: "us/111-0" })).toBe(111)
})
