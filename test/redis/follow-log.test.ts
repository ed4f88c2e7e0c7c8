import type { Redis } from "ioredis"
import { describe, expect } from "vitest"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { followLog } from "../../src/adapters/redis/follow-log.ts"
import { type Lab, test } from "../support/redis.ts"

const START = { backMs: 300_000, most: 100_000 }

/** Two gateways in one Redis, `eu` and `us`, and what is followed of them from the start of a console on. */
async function twoGateways(lab: Lab) {
  const { server, redis } = await lab.redis()
  const target = { url: server.url }
  const names = ["eu", "us"] as const
  const [eu, us] = names.map(name => ({ name, redis: target, stream: `log:${name}` }))
  const connections = openRedis({ api: target, gateways: [eu as NonNullable<typeof eu>, us as NonNullable<typeof us>] })
  async function* follow() {
    const ending = new AbortController()
    try {
      for await (const event of followLog(connections.gateways, START, ending.signal)) {
        if (event.kind === "entries") for (const entry of event.entries) yield `${entry.gateway} ${entry.get("path")}`
      }
    } finally {
      ending.abort()
      connections.close()
    }
  }
  return { redis, follow }
}

const add = (redis: Redis, gateway: string, ms: number, path: string) =>
  redis.xadd(`log:${gateway}`, `${Math.round(ms)}-*`, "path", path)

/** The first of what is followed. */
async function firstOf(following: AsyncGenerator<string>, count: number): Promise<string[]> {
  const found: string[] = []
  for await (const one of following) if (found.push(one) === count) break
  return found
}

describe.concurrent("the log of several gateways", () => {
  test("is not held up by one whose ids are far ahead of the time", async ({ lab }) => {
    const { redis, follow } = await twoGateways(lab)
    await add(redis, "eu", Date.now() + 900_000, "/ahead")
    await add(redis, "us", Date.now() - 1_000, "/now")
    expect((await firstOf(follow(), 2)).toSorted()).toEqual(["eu /ahead", "us /now"])
  })

  test("begins where all of them hold something", async ({ lab }) => {
    const { redis, follow } = await twoGateways(lab)
    const now = Date.now()
    for (const ago of [240_000, 120_000, 10_000]) await add(redis, "us", now - ago, `/${ago}`)
    for (const ago of [20_000, 5_000]) await add(redis, "eu", now - ago, `/${ago}`)
    expect(await firstOf(follow(), 3)).toEqual(["eu /20000", "us /10000", "eu /5000"])
  })
})
