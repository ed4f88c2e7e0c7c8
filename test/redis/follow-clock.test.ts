import type { Redis } from "ioredis"
import { describe, expect, onTestFinished } from "vitest"
import { followStream } from "../../src/adapters/redis/follow.ts"
import { readBack } from "../../src/adapters/redis/read-back.ts"
import type { RedisServer } from "../../src/demo/redis-server.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import { Tail } from "../../src/tail/tail.ts"
import { KEY, type Lab, test } from "../support/redis.ts"
import { readingBack } from "../support/tail.ts"
import { until } from "../support/waiting.ts"

const HOUR = 3_600_000

/** Logs as the gateway does, by Redis's clock as ids go and by its own in `ts`. */
async function log(redis: Redis, count: number, id = "*") {
  for (let i = 0; i < count; i++) {
    await redis.xadd(KEY, id, "ts", new Date().toISOString(), "status", "503", "path", "/", "duration_ms", "10")
  }
}

/** A tail that reads `server` from now on, with a rule; its newest snapshot. */
function startTail(lab: Lab, server: RedisServer): { readonly last: TailSnapshot } {
  const redis = lab.open({ url: server.url })
  const published: { last: TailSnapshot } = { last: undefined as never }
  const source = {
    follow: (signal: AbortSignal) => followStream({ url: server.url }, KEY, { backMs: 60_000, most: 1000 }, signal),
    ...readingBack((before, signal) => readBack(redis.gateways[0].client, KEY, { before }, signal)),
  }
  const tail: Tail = new Tail(source, snapshot => {
    published.last = snapshot
    setImmediate(() => tail.drawn())
  })
  tail.setView({ following: true, top: 0, rows: 50, bars: 60 })
  tail.setAlerts(["error% > 5", "rate > 1/s"])
  tail.watchMovers({ minutes: 1, sort: "rate", rows: 3 })
  void tail.run()
  onTestFinished(() => tail.stop())
  return published
}

const shown = ({ rows }: TailSnapshot) => rows.map(row => row.kind)
const counted = ({ timeline: { ok, refused, failed } }: TailSnapshot) =>
  [...ok, ...refused, ...failed].reduce((sum, count) => sum + count, 0)

describe.concurrent("an id an hour ahead", () => {
  test("while it is read: rate, movers, bars and alerts follow what arrives, and it is told once", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await log(redis, 1)
    const seen = startTail(lab, server)
    await until(() => seen.last?.link.state === "live" && seen.last.held === 1)
    await log(redis, 1, `${Date.now() + HOUR}-0`)
    await log(redis, 40)
    await until(() => seen.last.held >= 42 && seen.last.alerts.every(({ since }) => since !== null))
    await until(() => seen.last.statistics.perSecond > 0)
    const { last } = seen
    expect(last.movers?.perSecond).toBeGreaterThan(0)
    expect(counted(last)).toBe(42)
    expect(last.timeline.barMs).toBeLessThan(10_000)
    expect(Math.abs(last.now - Date.now())).toBeLessThan(60_000)
    for (const { since } of last.alerts) expect(Math.abs((since as number) - Date.now())).toBeLessThan(60_000)
    expect(shown(last).filter(kind => kind === "ahead")).toHaveLength(1)
    expect(shown(last).indexOf("ahead")).toBe(shown(last).indexOf("entry") + 1)
  })

  test("before it is read: what is there counts when the gateway wrote it, and nothing fires", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const pipeline = redis.pipeline()
    for (let i = 0; i < 600; i++) {
      const ts = new Date(Date.now() - 600_000 + i * 900).toISOString()
      pipeline.xadd(KEY, i === 0 ? `${Date.now() + HOUR}-0` : "*", "ts", ts, "status", "200", "path", "/")
    }
    await pipeline.exec()
    const seen = startTail(lab, server)
    await until(() => seen.last?.held >= 600 && seen.last.timeline.ok.length > 1)
    const judged = seen.last.now
    await until(() => seen.last.now - judged > 2000)
    expect(seen.last.alerts.map(({ since }) => since)).toEqual([null, null])
    expect(seen.last.statistics.perSecond).toBe(0)
    await log(redis, 40)
    await until(() => seen.last.alerts.every(({ since }) => since !== null))
  })
})
