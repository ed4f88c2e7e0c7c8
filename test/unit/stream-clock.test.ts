import { describe, expect, test } from "vitest"
import { AHEAD_MS, aheadText, StreamClock, stampBack } from "../../src/domain/stream-clock.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

const START = Date.parse("2026-03-01T12:00:00Z")
const HOUR = 3_600_000
const DAY = 24 * HOUR

const entry = (id: string, loggedAt?: number) =>
  StreamEntry.from(id, loggedAt === undefined ? [] : [["ts", new Date(loggedAt).toISOString()]])

/** A gateway's Redis and a host, whose clocks can be set, and the clock of a stream read there. */
function world({ permitsTime = true } = {}) {
  const clocks = { server: START, host: START, steady: 0 }
  const clock = new StreamClock()
  let last = { ms: 0, seq: 0 }
  const pass = (ms: number) => {
    for (const name of ["server", "host", "steady"] as const) clocks[name] += ms
  }
  return {
    clock,
    clocks,
    pass,
    /** Adds an entry as Redis does: its id never goes back. */
    add(ms = clocks.server, loggedAt?: number): StreamEntry {
      last = ms > last.ms ? { ms, seq: 0 } : { ...last, seq: last.seq + 1 }
      return entry(`${last.ms}-${last.seq}`, loggedAt)
    },
    /** Reads these, which are all there is; returns how long ago each counts, and what is told. */
    read(entries: readonly StreamEntry[], isAll = true) {
      clock.read({ ...clocks, server: permitsTime ? clocks.server : undefined })
      const told = entries.map(one => clock.stamp(one)).filter(ahead => ahead !== undefined)
      if (isAll) clock.readToEnd()
      return { ago: entries.map(({ at }) => clock.now - at), told }
    },
  }
}

test("an entry counts at the time of its id, also one that is read late", () => {
  const { clock, add, pass, read } = world()
  const entries = [add(START - 60_000), add(START - 10), add()]
  expect(read(entries)).toEqual({ ago: [60_000, 10, 0], told: [] })
  pass(30_000)
  const late = [add(START + 10_000), add(START + 20_000)]
  expect(read(late)).toEqual({ ago: [20_000, 10_000], told: [] })
  expect(clock.now).toBe(START + 30_000)
})

test("after an id an hour ahead, each entry counts as it arrives, and it is told once", () => {
  const { add, pass, read } = world()
  expect(read([add(START - 1000)])).toEqual({ ago: [1000], told: [] })
  expect(read([add(START + HOUR), add()])).toEqual({ ago: [0, 0], told: [HOUR] })
  for (let second = 0; second < 100; second++) {
    pass(1000)
    expect(read([add(), add()])).toEqual({ ago: [0, 0], told: [] })
  }
  pass(HOUR)
  expect(read([add()])).toEqual({ ago: [0], told: [] })
  expect(read([add(START + DAY)]).told).toHaveLength(1)
})

test("an id that is a little ahead is believed to be of now, and nothing is told", () => {
  const { add, read } = world()
  expect(read([add(START + AHEAD_MS)])).toEqual({ ago: [0], told: [] })
  expect(read([add(START + AHEAD_MS + 1)])).toEqual({ ago: [0], told: [AHEAD_MS + 1] })
})

test("what is read at once, with ids ahead, counts when the gateway wrote it, in order", () => {
  const { add, pass, read } = world()
  const held = [60, 30, 45, 1].map(ago => add(START + HOUR, START - ago * 1000))
  expect(read(held).ago).toEqual([60_000, 30_000, 30_000, 1000])
  pass(60_000)
  const afterAnOutage = [50, 40, 3].map(ago => add(START + HOUR, START + 60_000 - ago * 1000))
  expect(read(afterAnOutage).ago).toEqual([50_000, 40_000, 3000])
  // A gateway's clock decides nothing outside of what is possible.
  pass(2000)
  expect(read([add(START + HOUR, START - DAY), add(START + HOUR, START + DAY), add(START + HOUR)]).ago).toEqual([
    2000, 0, 0,
  ])
})

test("an entry that Redis got from its primary late counts when it arrived", () => {
  const { add, pass, read } = world()
  read([])
  pass(1000)
  expect(read([add(START - 30_000)]).ago).toEqual([1000])
})

describe("a clock that is set", () => {
  for (const by of [-DAY, -HOUR, HOUR, DAY]) {
    test(`Redis's by ${by / HOUR} h: time goes on evenly, and what arrives counts now`, () => {
      const { clock, clocks, add, pass, read } = world()
      read([add()])
      clocks.server += by
      for (let second = 1; second < 50; second++) {
        pass(1000)
        expect(read([add(), add()])).toEqual({ ago: [0, 0], told: by < 0 && second === 1 ? [expect.any(Number)] : [] })
        expect(clock.now).toBe(START + second * 1000)
      }
    })

    test(`the host's by ${by / HOUR} h changes nothing`, () => {
      for (const permitsTime of [true, false]) {
        const { clock, clocks, add, pass, read } = world({ permitsTime })
        read([add()])
        clocks.host += by
        pass(1000)
        expect(read([add()])).toEqual({ ago: [0], told: [] })
        expect(clock.now).toBe(START + 1000)
      }
    })

    test(`Redis's that differs from the host's by ${by / HOUR} h is the one that counts`, () => {
      const { clock, clocks, add, pass, read } = world()
      clocks.server += by
      expect(read([add(), add()])).toEqual({ ago: [0, 0], told: [] })
      pass(1000)
      expect(read([add()])).toEqual({ ago: [0], told: [] })
      expect(clock.now).toBe(START + by + 1000)
    })
  }
})

test("a host that slept reads on where Redis's clock is", () => {
  const { clock, clocks, add, read } = world()
  read([add()])
  clocks.server += HOUR
  clocks.host += HOUR
  expect(read([add(START + HOUR - 5000), add()])).toEqual({ ago: [5000, 0], told: [] })
  expect(clock.now).toBe(START + HOUR)
})

test("without the right to ask Redis for its time, what arrives counts all the same", () => {
  const { clocks, add, pass, read } = world({ permitsTime: false })
  clocks.server += HOUR
  for (let second = 0; second < 10; second++) {
    expect(read([add(), add()])).toEqual({ ago: [0, 0], told: [] })
    pass(1000)
  }
})

test("a stream made anew of old entries counts them when they were", () => {
  const { clock, pass, read, add } = world()
  read([add()])
  pass(1000)
  clock.restart()
  expect(read([entry(`${START - HOUR}-0`), entry(`${START}-0`)]).ago).toEqual([HOUR + 1000, 1000])
})

test("what is read back counts before what it was read from, whatever its id says", () => {
  const back = [
    entry(`${START + HOUR}-2`, START - 5000),
    entry(`${START + HOUR}-1`),
    entry(`${START + HOUR}-0`, START),
    entry(`${START - 9000}-0`),
  ]
  expect(stampBack(back, START)).toBe(START - 9000)
  expect(back.map(({ at }) => START - at)).toEqual([5000, 5000, 5000, 9000])
})

test("how far it is ahead is said in words", () => {
  expect(aheadText(HOUR)).toBe("the log's ids are 60 min ahead of Redis's clock: requests count as they arrive")
})
