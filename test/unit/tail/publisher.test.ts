import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Publisher } from "../../../src/tail/publisher.ts"

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000, toFake: ["performance"] }))
afterEach(() => void vi.useRealTimers())

/** A publisher of numbers that rise with each. */
function publishing() {
  let made = 0
  const published: number[] = []
  const publisher = new Publisher(
    () => ++made,
    snapshot => published.push(snapshot),
  )
  return { publisher, published }
}
const pass = (ms: number) => void vi.advanceTimersByTime(ms)

test("nothing goes out before the last one is drawn, and then the newest alone", () => {
  const { publisher, published } = publishing()
  publisher.now()
  publisher.now()
  publisher.now()
  pass(5_000)
  publisher.tick(100)
  expect(published).toEqual([1])
  publisher.drawn()
  expect(published).toEqual([1, 2])
  publisher.drawn()
  expect({ published, last: publisher.last }).toEqual({ published: [1, 2], last: 2 })
})

test("what is new goes out at its pace, what is old every second", () => {
  const { publisher, published } = publishing()
  const tick = () => {
    publisher.tick(100)
    publisher.drawn()
    return published.length
  }
  expect(tick()).toBe(1)
  publisher.note()
  pass(99)
  expect(tick()).toBe(1)
  pass(1)
  expect(tick()).toBe(2)
  pass(999)
  expect(tick()).toBe(2)
  pass(1)
  expect(tick()).toBe(3)
})

test("a host's clock that is set back silences nothing", () => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ["performance", "Date"] })
  const { publisher, published } = publishing()
  publisher.now()
  publisher.drawn()
  vi.setSystemTime(1)
  pass(1_000)
  publisher.tick(100)
  expect(published).toEqual([1, 2])
})
