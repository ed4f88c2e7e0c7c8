import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { DimensionKey } from "../../src/domain/movers/dimension-keys.ts"
import { Movers } from "../../src/domain/movers/movers.ts"
import type { MoversMinutes, MoversSort } from "../../src/domain/movers/movers-snapshot.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

/** Where slices of 10, 50 and 150 seconds begin. */
const NOON = 150_000 * 11_333_333
const SECOND = 1000

const request = (ms: number, fields: Record<string, string> = {}) => StreamEntry.from(`${ms}-0`, Object.entries(fields))

function moversOf(entries: Iterable<StreamEntry>, seenFrom = NOON - 86_400_000): Movers {
  const movers = new Movers(seenFrom)
  for (const entry of entries) movers.accept(entry)
  return movers
}

/** What a dimension has at `nowMs`. */
function seenIn(
  movers: Movers,
  key: DimensionKey,
  nowMs: number,
  minutes: MoversMinutes = 1,
  sort: MoversSort = "rate",
) {
  const { dimensions } = movers.snapshot({ minutes, sort, rows: 100 }, nowMs)
  return dimensions.find(dimension => dimension.key === key)!
}

const rates = (movers: Movers, nowMs: number, minutes?: MoversMinutes) =>
  seenIn(movers, "ip", nowMs, minutes).movers.map(({ value, perSecond }) => [value, perSecond])

/** `count` requests of an address, spread over the time between. */
const spread = (count: number, fromMs: number, toMs: number, fields: Record<string, string>) =>
  Array.from({ length: count }, (_, i) => request(Math.floor(fromMs + ((toMs - fromMs) * i) / count), fields))

test("in whatever order entries come, as much is counted", () => {
  const entry = fc.record({ at: fc.integer({ min: 0, max: 2_000 }), ip: fc.integer({ min: 0, max: 9 }) })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), fc.constantFrom(1, 5, 15), (entries, minutes) => {
      const now = NOON + 2_000 * SECOND
      const requests = entries.map(({ at, ip }) => request(NOON + at * SECOND, { client_ip: `10.0.0.${ip}` }))
      const inOrder = moversOf(requests.toSorted((a, b) => a.ms - b.ms))
      const watch = { minutes: minutes as MoversMinutes, sort: "rate", rows: 100 } as const
      // The newest comes first where a filter is tried on the ring; before it, nobody can know what is too old.
      const mixed = moversOf([request(now), ...requests.toReversed()])
      inOrder.accept(request(now))
      expect(mixed.snapshot(watch, now)).toEqual(inOrder.snapshot(watch, now))
    }),
  )
})

test("tells of one dimension alone where no other is asked for", () => {
  const movers = moversOf(spread(20, NOON, NOON + 40 * SECOND, { client_ip: "10.0.0.1", user_id: "u" }))
  const watch = { minutes: 1, sort: "rate", rows: 100 } as const
  const all = movers.snapshot(watch, NOON + 40 * SECOND).dimensions
  expect(movers.snapshot({ ...watch, only: "user" }, NOON + 40 * SECOND).dimensions).toEqual(
    all.filter(({ key }) => key === "user"),
  )
})

test("counts exactly what the window holds, its slices as they roll into wider ones", () => {
  const entry = fc.record({ at: fc.integer({ min: 0, max: 4_000 }), ip: fc.integer({ min: 0, max: 9 }) })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), fc.constantFrom(1, 5, 15), (entries, minutes) => {
      const now = NOON + 4_000 * SECOND
      const width = minutes * 10 * SECOND
      const from = (Math.floor(now / width) - 6) * width
      const sorted = entries.toSorted((a, b) => a.at - b.at)
      const movers = moversOf(sorted.map(({ at, ip }) => request(NOON + at * SECOND, { client_ip: `10.0.0.${ip}` })))
      const { movers: seen } = seenIn(movers, "ip", now, minutes as MoversMinutes)
      const exact = (ip: string, fromMs: number, toMs: number) =>
        sorted.filter(({ at, ip: held }) => {
          const ms = NOON + at * SECOND
          return `10.0.0.${held}` === ip && ms >= fromMs && ms < toMs
        }).length
      const present = Array.from({ length: 10 }, (_, ip) => `10.0.0.${ip}`).filter(ip => exact(ip, from, now + 1) > 0)
      expect(seen.map(({ value }) => value).toSorted()).toEqual(present)
      for (const { value, perSecond, before, error } of seen) {
        expect(perSecond * ((now - from) / SECOND)).toBeCloseTo(exact(value, from, now + 1))
        expect(((before as number) * (6 * width)) / SECOND).toBeCloseTo(exact(value, from - 6 * width, from))
        expect(error).toBe(0)
      }
    }),
  )
})

test("a window is six whole slices and the one that fills", () => {
  const movers = moversOf([
    request(NOON - 60 * SECOND - 1, { client_ip: "10.0.0.1" }),
    request(NOON - 60 * SECOND, { client_ip: "10.0.0.2" }),
    request(NOON + 5 * SECOND, { client_ip: "10.0.0.2" }),
  ])
  expect(rates(movers, NOON + 5 * SECOND)).toEqual([["10.0.0.2", 2 / 65]])
  expect(rates(movers, NOON + 10 * SECOND)).toEqual([["10.0.0.2", 1 / 60]])
  expect(rates(movers, NOON + 80 * SECOND)).toEqual([])
})

describe("how much was seen", () => {
  const quick = { client_ip: "10.0.0.1" }

  test("is told, and what is told is of that time", () => {
    const movers = moversOf(spread(100, NOON - 20 * SECOND, NOON, quick), NOON)
    movers.see(NOON - 20 * SECOND)
    movers.see(NOON - 10 * SECOND)
    const { seenSeconds, perSecond } = movers.snapshot({ minutes: 5, sort: "rate", rows: 1 }, NOON)
    expect([seenSeconds, perSecond]).toEqual([20, 5])
  })

  test("of the window before as well: without it there is no change", () => {
    const movers = moversOf(spread(60, NOON - 60 * SECOND, NOON, quick), NOON - 60 * SECOND)
    expect(seenIn(movers, "ip", NOON).movers[0]?.before).toBeNull()
    expect(seenIn(movers, "ip", NOON + 30 * SECOND).movers[0]?.before).toBe(1)
  })

  test("a stream that was made anew begins anew, at whatever time", () => {
    const movers = moversOf(spread(600, NOON, NOON + 60 * SECOND, quick))
    const earlier = NOON - 7_200 * SECOND
    movers.restart(earlier)
    for (const entry of spread(30, earlier, earlier + 10 * SECOND, quick)) movers.accept(entry)
    const told = movers.snapshot({ minutes: 1, sort: "rate", rows: 1 }, earlier + 10 * SECOND)
    expect(told).toMatchObject({ seenSeconds: 10, perSecond: 3 })
  })
})

describe("what comes first", () => {
  const of = (ip: string, count: number, fields: Record<string, string>, fromMs = NOON - 60 * SECOND, toMs = NOON) =>
    spread(count, fromMs, toMs, { client_ip: ip, ...fields })
  const movers = moversOf([
    ...of("10.0.0.1", 600, { status: "200", duration_ms: "20" }),
    ...of("10.0.0.2", 200, { status: "404", duration_ms: "30" }),
    ...of("10.0.0.3", 100, { status: "503", duration_ms: "40" }),
    ...of("10.0.0.4", 50, { status: "200", duration_ms: "4000" }),
    ...of("10.0.0.5", 4, { status: "200", duration_ms: "60000" }),
    ...of("10.0.0.1", 590, { status: "200" }, NOON - 120 * SECOND, NOON - 60 * SECOND),
    ...of("10.0.0.6", 900, { status: "200" }, NOON - 120 * SECOND, NOON - 60 * SECOND),
  ])
  const first = (sort: MoversSort) => seenIn(movers, "ip", NOON, 1, sort).movers[0]

  test.each([
    ["rate", { value: "10.0.0.1", perSecond: 10, share: 600 / 954, before: 590 / 60, refused: 0, failed: 0 }],
    ["refused", { value: "10.0.0.2", refused: 1, before: 0 }],
    ["failed", { value: "10.0.0.3", failed: 1 }],
    ["change", { value: "10.0.0.6", perSecond: 0, before: 15 }],
  ] as const)("by %s", (sort, mover) => {
    expect(first(sort)).toMatchObject(mover)
  })

  test("the lowest first where the order is turned around; who has too few requests for a p95 is left out", () => {
    const lowest = (sort: MoversSort) =>
      movers.snapshot({ minutes: 1, sort, reversed: true, rows: 100 }, NOON).dimensions.find(({ key }) => key === "ip")!
    expect(
      lowest("rate")
        .movers.map(({ value }) => value)
        .slice(0, 2),
    ).toEqual(["10.0.0.5", "10.0.0.4"])
    expect(lowest("p95").movers.map(({ value }) => value)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"])
  })

  test("by p95, of those with more than a few requests", () => {
    expect(first("p95")?.value).toBe("10.0.0.4")
    expect(Math.abs((first("p95")?.p95 as number) - 4000)).toBeLessThan(800)
  })

  test("no more rows than were asked for, and how many there are", () => {
    const { dimensions } = movers.snapshot({ minutes: 1, sort: "rate", rows: 2 }, NOON)
    expect(dimensions[0]).toMatchObject({ key: "ip", movers: { length: 2 }, distinct: 5, isWhole: true })
  })
})

describe("with more addresses than are counted", () => {
  /** One in ten requests is of one address; all others are of as many addresses. */
  const crowd = Array.from({ length: 60_000 }, (_, n) =>
    request(NOON - 120 * SECOND + n * 2, {
      client_ip: n % 10 === 0 ? "192.0.2.1" : `10.${n % 251}.${(n >> 8) % 256}.${n % 256}`,
    }),
  )
  const movers = moversOf(crowd)

  test("the one of many requests comes first, and its error bounds what it had", () => {
    const { movers: rows, isWhole } = seenIn(movers, "ip", NOON)
    const [{ value, perSecond, error }] = rows as [(typeof rows)[0]]
    expect([value, isWhole]).toEqual(["192.0.2.1", false])
    expect(perSecond).toBeGreaterThanOrEqual(50)
    expect(perSecond - error).toBeLessThanOrEqual(50)
    expect(error).toBeLessThan(50 * 0.05)
  })

  test("nobody is new who may only have been overlooked", () => {
    const seldom = seenIn(movers, "ip", NOON).movers.at(-1)
    expect(seldom?.before).toBeNull()
  })
})

test("who is always refused comes first by that, however seldom they are among all addresses", () => {
  const stuffing = Array.from({ length: 40 }, (_, i) => `198.51.100.${i}`)
  const ordinary = Array.from({ length: 60_000 }, (_, n) =>
    request(NOON - 60 * SECOND + n, {
      client_ip: `10.${n % 251}.${(n >> 8) % 256}.${n % 256}`,
      status: n % 50 === 0 ? "404" : "200",
    }),
  )
  const attack = stuffing.flatMap((client_ip, i) =>
    spread(8, NOON - 60 * SECOND + i, NOON, { client_ip, status: "401" }),
  )
  const movers = moversOf([...ordinary, ...attack].sort((a, b) => a.ms - b.ms))
  const first = seenIn(movers, "ip", NOON, 1, "refused").movers.slice(0, 40)
  expect(first.map(({ value }) => value).sort()).toEqual(stuffing.toSorted())
  for (const { refused } of first) expect(refused).toBe(1)
})
