import type { Redis } from "ioredis"
import { onTestFinished } from "vitest"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import { temporaryDirectory } from "./program.ts"
import { returningClient } from "./returning-client.ts"
import { until } from "./waiting.ts"

/** A Redis of a test's own, for it to do harm to; it ends with the test. */
export interface MortalRedis {
  readonly port: number
  readonly url: string
  /** Somebody else's connection to the gateway's database, that comes back by itself. */
  readonly client: Redis
  /** Ends the server without a word, and waits until it is gone. */
  kill(): Promise<void>
  /** Starts it again with what it had; resolves when it answers. */
  restart(): Promise<void>
  /** Lets it answer nothing more, with its connections open. */
  freeze(): void
  thaw(): void
  /** Kills every connection of opsdeck's, whatever it is for; answers how many there were. */
  killConnections(): Promise<number>
}

/** Starts a Redis that keeps what it was told through a kill: nobody hears of an entry before it is on the disk. */
export async function startMortalRedis(): Promise<MortalRedis> {
  const dir = temporaryDirectory()
  const args = ["--appendonly", "yes", "--appendfsync", "always"]
  let server: RedisServer = await startRedisServer({ dir, args })
  const { port, url } = server
  const client = returningClient(`${url}/1`)
  onTestFinished(async () => {
    client.disconnect()
    server.process.kill("SIGCONT")
    await server.stop()
  })
  return {
    port,
    url,
    client,
    async kill() {
      server.process.kill("SIGKILL")
      await until(() => server.process.signalCode !== null)
    },
    async restart() {
      server = await startRedisServer({ dir, args, port })
    },
    freeze: () => void server.process.kill("SIGSTOP"),
    thaw: () => void server.process.kill("SIGCONT"),
    async killConnections() {
      const list = String(await client.client("LIST")).split("\n")
      const ids = list.filter(line => line.includes("name=opsdeck")).map(line => /^id=(\d+)/.exec(line)?.[1] as string)
      for (const id of ids) await client.client("KILL", "ID", id)
      return ids.length
    },
  }
}
