import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../../src/domain/errors.ts"
import { HealthMonitor } from "../../../src/ui/runtime/health.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const unavailable = new DeckError("unavailable", "PostgreSQL refuses connections")

test("an operation that reached no server makes it ask at once, and once", async () => {
  const ping = vi.fn(async (_server: string): Promise<number> => 2)
  const health = new HealthMonitor(ping, () => undefined)
  health.onFailure(unavailable)
  expect(ping).not.toHaveBeenCalled()
  health.start()
  await vi.advanceTimersByTimeAsync(1000)
  expect(health.states.snapshot).toEqual({ postgres: { ms: 2 }, redis: { ms: 2 } })

  ping.mockImplementation(async server => (server === "postgres" ? Promise.reject(unavailable) : 2))
  health.onFailure(new DeckError("conflict", "saved meanwhile"))
  expect(ping).toHaveBeenCalledTimes(2)
  health.onFailure(unavailable)
  health.onFailure(unavailable)
  await vi.advanceTimersByTimeAsync(0)
  expect(ping).toHaveBeenCalledTimes(4)
  expect(health.states.snapshot.postgres).toEqual({ trouble: unavailable.message })

  await vi.advanceTimersByTimeAsync(5000)
  expect(ping).toHaveBeenCalledTimes(6)
  health.close()
  health.onFailure(unavailable)
  expect(ping).toHaveBeenCalledTimes(6)
})

test("while Redis refuses the log's password, it is not tried here as well", async () => {
  const ping = vi.fn(async (_server: string): Promise<number> => 2)
  let refusal: string | undefined = "Redis refused the password"
  const health = new HealthMonitor(ping, () => refusal)
  health.start()
  await vi.advanceTimersByTimeAsync(1000)
  expect(ping.mock.calls.map(([server]) => server)).toEqual(["postgres"])
  expect(health.states.snapshot).toEqual({ postgres: { ms: 2 }, redis: { trouble: refusal } })
  refusal = undefined
  await vi.advanceTimersByTimeAsync(5000)
  expect(health.states.snapshot.redis).toEqual({ ms: 2 })
  health.close()
})
