import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Redis } from "ioredis"
import { test as base } from "vitest"
import { oneGateway, openRedis, type RedisConnections, type RedisTarget } from "../../src/adapters/redis/connections.ts"
import { followStream, type StreamEvent, type StreamStart } from "../../src/adapters/redis/follow.ts"
import { type RedisServer, type RedisServerOptions, startRedisServer } from "../../src/demo/redis-server.ts"
import { returningClient } from "./returning-client.ts"
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts"
import { startTlsFront } from "./tls-front.ts"

export const KEY = "test:access_log"

/** A test with a `lab`: whatever it starts there ends with it, also beside other tests. */
export const test = base.extend<{ lab: Lab }>({
  lab: async ({ task: _ }, use) => {
    const lab = new Lab()
    await use(lab)
    await lab.end()
  },
})

export class Lab {
  private readonly endings: (() => unknown)[] = []

  /** Servers, readers and the like end in the opposite order of their start. */
  async end(): Promise<void> {
    for (const ending of this.endings.reverse()) await ending()
  }

  /** What ends with the test. */
  async started<Started extends { stop(): unknown }>(start: () => Promise<Started>): Promise<Started> {
    const started = await start()
    this.endings.push(() => started.stop())
    return started
  }

  async server(options?: RedisServerOptions): Promise<RedisServer> {
    return this.started(() => startRedisServer(options))
  }

  /** A client that comes back by itself after an outage. */
  client(url: string): Redis {
    const redis = returningClient(url)
    this.endings.push(() => redis.disconnect())
    return redis
  }

  async redis(options?: RedisServerOptions): Promise<{ server: RedisServer; redis: Redis }> {
    const server = await this.server(options)
    return { server, redis: this.client(server.url) }
  }

  /** A bad network in front of `server`, with the URL that leads through it; `port`: in the place of one that was closed. */
  async proxy(server: RedisServer, port?: number): Promise<TcpProxy & { url: string }> {
    const proxy = await startTcpProxy(server.port, port)
    this.endings.push(() => proxy.close())
    return Object.assign(proxy, { url: `redis://127.0.0.1:${proxy.port}` })
  }

  /** The port of TLS in front of `server`. */
  async tls(server: RedisServer): Promise<number> {
    const front = await startTlsFront(server.port)
    this.endings.push(() => front.close())
    return front.port
  }

  /** Connections as the program opens them, both to one server. */
  open(target: RedisTarget): RedisConnections {
    const connections = openRedis({ api: target, gateways: oneGateway(target, KEY) })
    this.endings.push(() => connections.close())
    return connections
  }

  follow(target: string | RedisTarget, start: StreamStart = { from: "0-0" }): Follower {
    const follower = new Follower(typeof target === "string" ? { url: target } : target, start)
    this.endings.push(() => follower.stop())
    return follower
  }

  async dir(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), "opsdeck-test-"))
    this.endings.push(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }))
    return dir
  }

  /** Adds an entry every few milliseconds, through outages, until `stop`. */
  keepAdding(redis: Redis): { stop(): Promise<void> } {
    let going = true
    const writing = (async () => {
      for (let n = 0; going; n++) {
        await redis.xadd(KEY, "*", "n", String(n)).catch(() => {})
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    })()
    const stop = () => {
      going = false
      return writing
    }
    // Not waited for: a server that is gone would never let it end.
    this.endings.push(() => void stop())
    return { stop }
  }
}

/** A reader that takes everything at once. */
export class Follower {
  readonly events: StreamEvent[] = []
  /** The ids delivered, in order. */
  readonly ids: string[] = []
  /** Field `n` of every entry delivered, in order. */
  readonly numbers: number[] = []
  readonly ended: Promise<void>
  private readonly stopping = new AbortController()

  constructor(target: RedisTarget, start: StreamStart) {
    this.ended = this.run(target, start)
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.ended
  }

  of<Kind extends StreamEvent["kind"]>(kind: Kind): Extract<StreamEvent, { kind: Kind }>[] {
    return this.events.filter((event): event is Extract<StreamEvent, { kind: Kind }> => event.kind === kind)
  }

  /** What was told beside signs of life: entries as their count, adjacent ones together. */
  get story(): (StreamEvent | number)[] {
    const story: (StreamEvent | number)[] = []
    for (const event of this.events) {
      if (event.kind === "idle" || event.kind === "connected") continue
      const last = story.at(-1)
      if (event.kind !== "entries") story.push(event)
      else if (typeof last === "number") story[story.length - 1] = last + event.entries.length
      else story.push(event.entries.length)
    }
    return story
  }

  private async run(target: RedisTarget, start: StreamStart): Promise<void> {
    for await (const event of followStream(target, KEY, start, this.stopping.signal)) {
      this.events.push(event)
      if (event.kind !== "entries") continue
      for (const entry of event.entries) {
        this.ids.push(entry.id)
        this.numbers.push(Number(entry.get("n")))
      }
    }
  }
}

/** Adds the entries `n` = `from`, `from` + 1, ... as one command each. */
export async function add(redis: Redis, count: number, from = 0): Promise<void> {
  const pipeline = redis.pipeline()
  for (let n = from; n < from + count; n++) pipeline.xadd(KEY, "*", "n", String(n))
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

export async function idsInStream(redis: Redis): Promise<string[]> {
  return (await redis.xrange(KEY, "-", "+")).map(([id]) => id)
}
