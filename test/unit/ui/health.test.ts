import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { oneGateway } from "../../../src/adapters/redis/connections.ts"
import { DeckError } from "../../../src/domain/errors.ts"
import { dependenciesOf, HealthMonitor } from "../../../src/ui/runtime/health.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const redis = (database: number) => ({ url: `redis://cache.example/${database}` })
const three = dependenciesOf({ api: redis(0), gateways: oneGateway(redis(1)) })
/** What each dependency last answered, by its mark. */
const pulses = (health: HealthMonitor) =>
  Object.fromEntries(health.states.snapshot.map(({ mark, pulse }) => [mark, pulse]))

const unavailable = new DeckError("unavailable", "PostgreSQL refuses connections")

test("an operation that reached no server makes it ask at once, and once", async () => {
  const ping = vi.fn(async (_server: string): Promise<number> => 2)
  const health = new HealthMonitor(three, ping, () => undefined)
  health.onFailure(unavailable)
  expect(ping).not.toHaveBeenCalled()
  health.start()
  await vi.advanceTimersByTimeAsync(1000)
  expect(pulses(health)).toEqual({ pg: { ms: 2 }, "redis api": { ms: 2 }, "redis gw": { ms: 2 } })

  ping.mockImplementation(async server => (server === "postgres" ? Promise.reject(unavailable) : 2))
  health.onFailure(new DeckError("conflict", "saved meanwhile"))
  expect(ping).toHaveBeenCalledTimes(3)
  health.onFailure(unavailable)
  health.onFailure(unavailable)
  await vi.advanceTimersByTimeAsync(0)
  expect(ping).toHaveBeenCalledTimes(6)
  expect(pulses(health)).toMatchObject({ pg: { trouble: unavailable.message }, "redis api": { ms: 2 } })

  await vi.advanceTimersByTimeAsync(5000)
  expect(ping).toHaveBeenCalledTimes(9)
  health.close()
  health.onFailure(unavailable)
  expect(ping).toHaveBeenCalledTimes(9)
})

test("while Redis refuses the log's password, it is not tried here as well", async () => {
  const ping = vi.fn(async (_server: string): Promise<number> => 2)
  let refusal: string | undefined = "Redis refused the password"
  const health = new HealthMonitor(three, ping, () => refusal)
  health.start()
  await vi.advanceTimersByTimeAsync(1000)
  expect(ping.mock.calls.map(([server]) => server)).toEqual(["postgres", "api"])
  expect(pulses(health)).toMatchObject({ "redis api": { ms: 2 }, "redis gw": { trouble: refusal } })
  refusal = undefined
  await vi.advanceTimersByTimeAsync(5000)
  expect(pulses(health)["redis gw"]).toEqual({ ms: 2 })
  health.close()
})

test("the API's Redis and the gateway's are one where they are one database of one server", () => {
  const marks = (api: string, gateway: string) =>
    dependenciesOf({ api: { url: api }, gateways: oneGateway({ url: gateway }) }).map(({ mark }) => mark)
  expect(marks("redis://cache.example", "redis://ops:secret@cache.example:6379/0")).toEqual(["pg", "redis"])
  expect(marks("redis://cache.example/0", "redis://cache.example/1")).toEqual(["pg", "redis api", "redis gw"])
  expect(marks("redis://cache.example", "redis://other.example")).toEqual(["pg", "redis api", "redis gw"])
})
