import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type GatewayTarget, oneGateway, type Several } from "../../../src/adapters/redis/connections.ts"
import { DeckError } from "../../../src/domain/errors.ts"
import type { Link } from "../../../src/tail/link.ts"
import { dependenciesOf, HealthMonitor, inBrief, type PingResult, refusalIn } from "../../../src/ui/runtime/health.ts"

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
  expect(ping.mock.calls.map(([server]) => server)).toEqual(["postgres"])
  expect(pulses(health)).toMatchObject({ "redis api": { trouble: refusal }, "redis gw": { trouble: refusal } })
  refusal = undefined
  await vi.advanceTimersByTimeAsync(5000)
  expect(pulses(health)).toMatchObject({ "redis api": { ms: 2 }, "redis gw": { ms: 2 } })
  health.close()
})

test("another account, or another server, is tried while the log's is refused", async () => {
  for (const api of [{ url: "redis://ops:secret@cache.example/0" }, { url: "redis://other.example/0" }]) {
    const ping = vi.fn(async (_server: string): Promise<number> => 2)
    const health = new HealthMonitor(dependenciesOf({ api, gateways: oneGateway(redis(1)) }), ping, () => "refused")
    health.start()
    await vi.advanceTimersByTimeAsync(1000)
    expect(ping.mock.calls.map(([server]) => server)).toEqual(["postgres", "api"])
    health.close()
  }
})

test("the API's Redis and the gateway's are one where they are one database of one server", () => {
  const marks = (api: string, gateway: string) =>
    dependenciesOf({ api: { url: api }, gateways: oneGateway({ url: gateway }) }).map(({ mark }) => mark)
  expect(marks("redis://cache.example", "redis://ops:secret@cache.example:6379/0")).toEqual(["pg", "redis"])
  expect(marks("redis://cache.example/0", "redis://cache.example/1")).toEqual(["pg", "redis api", "redis gw"])
  expect(marks("redis://cache.example", "redis://other.example")).toEqual(["pg", "redis api", "redis gw"])
})

describe("several gateways", () => {
  const at = (name: string, database: number): GatewayTarget => ({ name, redis: redis(database) })
  const several = dependenciesOf({
    api: redis(0),
    gateways: [at("eu", 1), at("us", 2), at("ap", 3), at("a-very-long-name-of-a-region", 4)],
  })
  /** The line of a health in which the gateways answer so. */
  const brief = (...answers: (number | string | null)[]) => {
    const pulseOf = (answer: number | string | null | undefined): PingResult =>
      typeof answer === "number" ? { ms: answer } : typeof answer === "string" ? { trouble: answer } : null
    const [gateways, ...none] = inBrief(
      several.map((one, i) => (one.store === "gateway" ? { ...one, pulse: pulseOf(answers[i - 2]) } : one)),
    ).filter(({ store }) => store === "gateway")
    expect(none).toEqual([])
    return [gateways?.mark, gateways?.name, gateways?.pulse]
  }

  test("are one on a line, as slow as the slowest of them", () => {
    expect(brief(1, 2, 45, 3)).toEqual(["redis gw", "gateway Redis", { ms: 45 }])
    expect(brief(1, 2, null, 3)).toEqual(["redis gw", "gateway Redis", null])
  })

  test("are named while they are down, in a width that is bounded, unless all are", () => {
    expect(brief(1, "refused", 45, null)).toEqual(["redis us", "gateway Redis of us", { trouble: "refused" }])
    expect(brief(1, "refused", "silent", "refused")).toEqual([
      ...["redis us +2", "gateway Redis of us, ap and 1 more", { trouble: "refused" }],
    ])
    expect(brief(1, 2, 3, "refused")[0]).toBe("redis a-ver…region")
    expect(brief("refused", "refused", "refused", "refused").slice(0, 2)).toEqual(["redis gw", "gateway Redis"])
  })

  test("are refused each by itself", () => {
    const live: Link = { state: "live", heardAt: 0 }
    const refused: Link = {
      ...{ state: "reconnecting", heardAt: null, attempt: 1, retryAt: 0 },
      ...{ reason: "WRONGPASS", remedy: "credentials" },
    }
    const gateways = [
      { gateway: "eu", link: live, perSecond: 0 },
      { gateway: "us", link: refused, perSecond: 0 },
    ]
    const refusal = (...names: string[]) => refusalIn({ link: live, gateways }, names)
    expect([refusal("eu"), refusal("us"), refusal("eu", "us")]).toEqual([undefined, "WRONGPASS", "WRONGPASS"])
    expect(refusalIn({ link: refused, gateways: [] }, [""])).toBe("WRONGPASS")
  })

  test("are asked each by name, those of one database once", async () => {
    const gateways: Several<GatewayTarget> = [at("eu", 1), { ...at("de", 1), stream: "de:log" }, at("us", 2)]
    const ping = vi.fn(async (_store: string, _signal: AbortSignal, gateway?: string) =>
      gateway === "us" ? Promise.reject(unavailable) : 2,
    )
    const refusal = (names: readonly string[]) => (names.includes("de") ? "refused" : undefined)
    const api = { url: "redis://other.example/0" }
    const health = new HealthMonitor(dependenciesOf({ api, gateways }), ping, refusal)
    health.start()
    await vi.advanceTimersByTimeAsync(1000)
    expect(ping.mock.calls.map(([store, , gateway]) => [store, gateway])).toEqual([
      ["postgres", undefined],
      ["api", undefined],
      ["gateway", "us"],
    ])
    expect(health.states.snapshot.slice(2)).toMatchObject([
      { gateways: ["eu", "de"], pulse: { trouble: "refused" } },
      { gateways: ["us"], pulse: { trouble: unavailable.message } },
    ])
    health.close()
  })
})
