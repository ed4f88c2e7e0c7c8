import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { QueuePulse } from "../../../src/domain/queue.ts"
import { PeriodicLook } from "../../../src/ui/runtime/periodic-look.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const PULSE: QueuePulse = { ready: 3, oldest_s: 2, stuck: 0, in_flight: 1, alive: 2 }

test("it looks every five seconds; what cannot be read is not known, until it can", async () => {
  const read = vi.fn(async (_: AbortSignal): Promise<QueuePulse | null> => PULSE)
  const watch = new PeriodicLook(read)
  watch.start()
  await vi.advanceTimersByTimeAsync(1)
  expect(watch.states.snapshot).toEqual(PULSE)
  read.mockRejectedValueOnce(new Error("PostgreSQL refuses connections"))
  await vi.advanceTimersByTimeAsync(5000)
  expect(watch.states.snapshot).toBeUndefined()
  await vi.advanceTimersByTimeAsync(5000)
  expect(watch.states.snapshot).toEqual(PULSE)
  expect(read).toHaveBeenCalledTimes(3)
  watch.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).toHaveBeenCalledTimes(3)
})

test("where the platform keeps no queue it is asked once", async () => {
  const read = vi.fn(async () => null)
  const watch = new PeriodicLook(read)
  watch.start()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).toHaveBeenCalledTimes(1)
  expect(watch.states.snapshot).toBeNull()
})

test("a look that takes long is followed by the next after a longer time, and never by another beside it", async () => {
  const read = vi.fn(() => new Promise<QueuePulse>(done => setTimeout(done, 1000, PULSE)))
  const watch = new PeriodicLook(read)
  watch.start()
  await vi.advanceTimersByTimeAsync(20_500)
  expect(read).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(read).toHaveBeenCalledTimes(2)
  watch.close()
})
