import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { type Held, isEntry } from "../../../src/tail/held.ts"
import { Matches } from "../../../src/tail/matches.ts"
import { Ring } from "../../../src/tail/ring.ts"

const entry = (ms: number, status = "200", padding = "") =>
  StreamEntry.from(`${ms}-0`, [
    ["status", status],
    ["path", `/${ms}${padding}`],
  ])
const idOf = (held: Held | undefined) => (held === undefined ? undefined : isEntry(held) ? held.id : held.kind)
const isError = (held: StreamEntry) => held.get("status") === "500"

/** What is held, as ids from the oldest to the newest. */
const ids = (matches: Matches) =>
  Array.from({ length: matches.length }, (_, index) => idOf(matches.at(matches.start + index)))

describe("the ring", () => {
  test("holds what it was given, bytes and id", () => {
    const ring = new Ring()
    ring.push(entry(5, "404"))
    const held = ring.at(0) as StreamEntry
    expect([held.id, held.get("status"), held.get("path")]).toEqual(["5-0", "404", "/5"])
  })

  test("never exceeds its number of entries by more than a slab, and drops the oldest", () => {
    const ring = new Ring(5000)
    for (let ms = 0; ms < 20_000; ms++) {
      ring.push(entry(ms))
      while (ring.surplus > 0) ring.drop()
    }
    expect(ring.length).toBeLessThanOrEqual(5000)
    expect(idOf(ring.at(ring.end - 1))).toBe("19999-0")
    expect(ring.at(ring.start - 1)).toBeUndefined()
  })

  test("never exceeds its bytes, with entries of a megabyte among them", () => {
    const limit = 4 * 1024 * 1024
    const ring = new Ring(1_000_000, limit)
    for (let ms = 0; ms < 50; ms++) {
      ring.push(entry(ms, "200", ms % 5 === 0 ? "x".repeat(1024 * 1024) : ""))
      while (ring.surplus > 0) ring.drop()
      expect(ring.fullness).toBeLessThanOrEqual(1)
    }
    expect(idOf(ring.at(ring.end - 1))).toBe("49-0")
  })

  test("keeps markers in their place until their entries are dropped", () => {
    const ring = new Ring(2048)
    ring.push(entry(1))
    ring.push({ kind: "reset" })
    ring.push(entry(2))
    expect([0, 1, 2].map(number => idOf(ring.at(number)))).toEqual(["1-0", "reset", "2-0"])
    for (let ms = 3; ms < 5000; ms++) {
      ring.push(entry(ms))
      while (ring.surplus > 0) ring.drop()
    }
    expect(ring.at(1)).toBeUndefined()
  })
})

describe("what matches", () => {
  test("a new filter finds in the ring what it would have found live, and goes on", () => {
    const matches = new Matches(new Ring(), () => true)
    for (let ms = 1; ms <= 300; ms++) matches.accept(entry(ms, ms % 3 === 0 ? "500" : "200"))
    matches.refill(isError)
    matches.accept(entry(301, "500"))
    while (!matches.scan(1)) {}
    matches.accept(entry(302, "200"))
    matches.accept(entry(303, "500"))
    expect(ids(matches)).toEqual([...Array.from({ length: 100 }, (_, i) => `${(i + 1) * 3}-0`), "301-0", "303-0"])
  })

  test("gaps and resets pass every filter", () => {
    const matches = new Matches(new Ring(), () => false)
    matches.accept(entry(1))
    matches.accept({ kind: "gap", lost: 3, from: "1-0", to: "5-0", exact: true })
    matches.accept({ kind: "reset" })
    expect(ids(matches)).toEqual(["gap", "reset"])
  })

  test("older pages stand before the rest, and ordinals stay what they were", () => {
    const matches = new Matches(new Ring(), isError)
    for (let ms = 100; ms < 110; ms++) matches.accept(entry(ms, "500"))
    const before = idOf(matches.at(3))
    matches.keepDroppedMatches()
    expect(matches.prepend([entry(99, "500"), entry(98), entry(97, "500")])).toBe(2)
    expect(idOf(matches.at(3))).toBe(before)
    expect(ids(matches).slice(0, 3)).toEqual(["97-0", "99-0", "100-0"])
  })

  test("with older pages held, no hole opens when the ring drops what follows them", () => {
    const matches = new Matches(new Ring(2048), () => true)
    for (let ms = 1000; ms < 2000; ms++) matches.accept(entry(ms))
    matches.keepDroppedMatches()
    matches.prepend([entry(999), entry(998)])
    for (let ms = 2000; ms < 8000; ms++) matches.accept(entry(ms))
    expect(ids(matches)).toEqual(Array.from({ length: 7002 }, (_, i) => `${998 + i}-0`))
  })

  test("what is kept beside the ring is bounded, and stays in order up to the newest", () => {
    const ring = new Ring(2048)
    const matches = new Matches(ring, () => true)
    matches.keepDroppedMatches()
    for (let ms = 0; ms < 40_000; ms++) matches.accept(entry(ms))
    expect(matches.length).toBe(20_000 + ring.length)
    expect(ids(matches)).toEqual(Array.from({ length: matches.length }, (_, i) => `${40_000 - matches.length + i}-0`))
  })

  test("letting go of the older pages leaves what the ring holds", () => {
    const ring = new Ring(2048)
    const matches = new Matches(ring, () => true)
    for (let ms = 0; ms < 100; ms++) matches.accept(entry(ms + 50))
    matches.keepDroppedMatches()
    matches.prepend([entry(49), entry(48)])
    matches.forgetOlder()
    expect(ids(matches)).toEqual(Array.from({ length: 100 }, (_, i) => `${50 + i}-0`))
    for (let ms = 150; ms < 5000; ms++) matches.accept(entry(ms))
    expect(matches.length).toBe(ring.length)
    expect(idOf(matches.at(matches.end - 1))).toBe("4999-0")
  })

  test("whatever happens in whatever order, every match held is there once and in order", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("accept" as const), count: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ do: fc.constant("filter" as const), modulus: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant("scan" as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), steps => {
        const ring = new Ring(3000)
        let passes = (_: StreamEntry) => true
        const matches = new Matches(ring, passes)
        let ms = 0
        for (const one of steps) {
          if (one.do === "accept") for (let i = 0; i < one.count; i++) matches.accept(entry(++ms))
          if (one.do === "scan") matches.scan(0)
          if (one.do === "filter") {
            passes = held => held.ms % one.modulus === 0
            matches.refill(passes)
          }
        }
        while (!matches.scan(5)) {}
        const expected: string[] = []
        for (let number = ring.start; number < ring.end; number++) {
          const held = ring.at(number) as StreamEntry
          if (passes(held)) expected.push(held.id)
        }
        expect(ids(matches)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})
