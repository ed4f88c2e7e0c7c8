import { randomUUID } from "node:crypto"
import { Redis } from "ioredis"
import { afterAll, beforeAll } from "vitest"
import type { LogHistory } from "../../src/adapters/history/store.ts"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import {
  oneGateway,
  openRedis,
  type RedisConnections,
  type RedisOptions,
} from "../../src/adapters/redis/connections.ts"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import { Deck } from "../../src/services/deck.ts"

/** The id of the first entry that `add` makes is this many milliseconds after the epoch. */
export const FIRST_MS = Date.parse("2023-11-14T22:13:20Z")

export const idOf = (n: number) => `${FIRST_MS + n}-0`

/** A gateway's Redis for the tests of a file. Its members may be used within hooks and tests only. */
export class Gateway {
  server!: RedisServer
  /** Writes what a gateway, or somebody else, would. */
  writer!: Redis
  private readonly opened: RedisConnections[] = []

  static forTests(): Gateway {
    const gateway = new Gateway()
    beforeAll(async () => {
      gateway.server = await startRedisServer()
      gateway.writer = new Redis(`${gateway.server.url}/1`)
    })
    afterAll(async () => {
      for (const redis of gateway.opened) redis.close()
      gateway.writer.disconnect()
      await gateway.server.stop()
    })
    return gateway
  }

  /**
   * A deck of somebody who may do everything, on `stream` and `postgres`; `url` leads to the Redis another way, `history` to the
   * log's past.
   */
  deck(stream: string, postgres: Postgres, url = this.server.url, history?: LogHistory): Deck {
    return this.deckOf({ api: { url }, gateways: oneGateway({ url: `${url}/1` }, stream) }, postgres, history)
  }

  /** A deck as `deck` has it, on several gateways: the streams of this Redis by their names, and `others` by their URLs. */
  deckOfSeveral(
    streams: Readonly<Record<string, string>>,
    postgres: Postgres,
    others: Readonly<Record<string, string>> = {},
    history?: LogHistory,
  ): Deck {
    const redis = { url: `${this.server.url}/1` }
    const [first, ...more] = [
      ...Object.entries(streams).map(([name, stream]) => ({ name, redis, stream })),
      ...Object.entries(others).map(([name, url]) => ({ name, redis: { url } })),
    ]
    if (first === undefined) throw new RangeError("no gateway")
    return this.deckOf({ api: { url: this.server.url }, gateways: [first, ...more] }, postgres, history)
  }

  private deckOf(options: RedisOptions, postgres: Postgres, history?: LogHistory): Deck {
    const redis = openRedis(options)
    this.opened.push(redis)
    const operator = { userId: randomUUID(), login: null, username: "op", method: "api_key", apiKeyId: null } as const
    return new Deck({ postgres, redis, history }, operator)
  }

  /** Adds one entry every `everyMs` milliseconds, with the ids `idOf(from)`, `idOf(from + everyMs)`, ... */
  async add(stream: string, entries: readonly Record<string, string>[], from = 0, everyMs = 1): Promise<void> {
    const pipeline = this.writer.pipeline()
    entries.forEach((fields, i) => {
      pipeline.xadd(stream, idOf(from + i * everyMs), ...Object.entries(fields).flat())
    })
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
  }
}

export const newStream = () => `test:${randomUUID()}`

/** A request as the gateway logs it. */
export const request = (fields: Record<string, string> = {}) => ({
  ts: "2023-11-14T22:13:20Z",
  trace_id: "4f3a00000000000000000000000000aa",
  method: "GET",
  path: "/v1/me",
  status: "200",
  duration_ms: "42",
  client_ip: "203.0.113.7",
  country: "DE",
  city: "Frankfurt",
  user_agent: "Mozilla/5.0",
  ua_type: "human",
  risk_score: "5",
  identity_type: "jwt",
  ...fields,
})

/** Requests whose paths are `/n/<number>`. */
export const numbered = (count: number, from = 0, fields: Record<string, string> = {}) =>
  Array.from({ length: count }, (_, i) => request({ path: `/n/${from + i}`, ...fields }))
