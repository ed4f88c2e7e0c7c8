import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { Redis } from "ioredis"
import { freePort } from "../../src/demo/free-port.ts"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import { until } from "./waiting.ts"

/** What the Sentinels call the primary. */
export const PRIMARY = "main"

/** A replica is sent what there is at once. */
const QUICK = ["--repl-diskless-sync-delay", "0"]

export interface SentinelOptions {
  /** Further arguments of the servers, and lines of the Sentinels' configuration. */
  readonly args?: readonly string[]
  readonly lines?: readonly string[]
}

/** One Sentinel; it writes what it finds out into its own configuration. */
interface Sentinel {
  readonly port: number
  stop(): Promise<void>
}

/** Starts one with further `lines` of its configuration. */
export async function startSentinel(program: string, lines: readonly string[]): Promise<Sentinel> {
  const dir = mkdtempSync(join(tmpdir(), "opsdeck-sentinel-"))
  const file = join(dir, "sentinel.conf")
  const port = await freePort()
  writeFileSync(file, `${[`port ${port}`, "bind 127.0.0.1", `dir ${dir}`, ...lines].join("\n")}\n`)
  const sentinel = spawn(program, [file, "--sentinel"], { stdio: "ignore" })
  return {
    port,
    async stop() {
      if (sentinel.exitCode === null && sentinel.signalCode === null && sentinel.kill("SIGKILL"))
        await once(sentinel, "exit")
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Two servers and three Sentinels that watch over them; what is killed comes back only by `restart`. */
export class Sentinels {
  /** `host:port` of each Sentinel, as they stand in a URL. */
  readonly hosts: string
  private readonly servers: RedisServer[]
  private readonly sentinels: readonly Sentinel[]
  private readonly options: SentinelOptions

  private constructor(servers: RedisServer[], sentinels: readonly Sentinel[], options: SentinelOptions) {
    this.servers = servers
    this.sentinels = sentinels
    this.options = options
    this.hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")
  }

  static async start(options: SentinelOptions = {}): Promise<Sentinels> {
    const { args = [], lines = [] } = options
    const server = (...more: string[]) => startRedisServer({ args: [...QUICK, ...args, ...more] })
    const first = await server()
    const second = await server("--replicaof", "127.0.0.1", String(first.port))
    const watching = [
      `sentinel monitor ${PRIMARY} 127.0.0.1 ${first.port} 2`,
      `sentinel down-after-milliseconds ${PRIMARY} 500`,
      `sentinel failover-timeout ${PRIMARY} 2000`,
      ...lines,
    ]
    const three: Sentinel[] = []
    while (three.length < 3) three.push(await startSentinel(first.process.spawnfile, watching))
    const sentinels = new Sentinels([first, second], three, options)
    await sentinels.areReady()
    return sentinels
  }

  /** The URL of a database of the primary. */
  url(database = 0): string {
    return `redis+sentinel://${this.hosts}/${PRIMARY}/${database}`
  }

  /** The port of each Sentinel. */
  get ports(): readonly number[] {
    return this.sentinels.map(({ port }) => port)
  }

  /** The server that all Sentinels call the primary; undefined while they do not agree. */
  async primary(): Promise<RedisServer | undefined> {
    const named = await Promise.all(this.sentinels.map(one => this.ask(one, "GET-MASTER-ADDR-BY-NAME", PRIMARY)))
    const ports = new Set(named.map(place => Number((place as string[])[1])))
    return ports.size === 1 ? this.servers.find(({ port }) => ports.has(port)) : undefined
  }

  /**
   * Kills the primary without a word, and waits until the other one is; answers which was killed. `cutOff`: for so many ms before,
   * its replica hears nothing of it.
   */
  async failover(cutOff = 0): Promise<RedisServer> {
    const killed = (await until(() => this.primary())) as RedisServer
    if (cutOff > 0) {
      // It would be back at once.
      await this.tell(killed, "ACL", "SETUSER", "default", "-psync", "-sync")
      await this.tell(killed, "CLIENT", "KILL", "TYPE", "replica")
      await delay(cutOff)
    }
    killed.process.kill("SIGKILL")
    await until(async () => {
      const now = await this.primary()
      return now !== undefined && now !== killed
    })
    return killed
  }

  /** Starts a killed server again, as a replica, and waits until the Sentinels would promote it. */
  async restart(killed: RedisServer): Promise<void> {
    const { port } = killed
    await killed.stop()
    const primary = (await until(() => this.primary())) as RedisServer
    const args = ["--replicaof", "127.0.0.1", String(primary.port), ...QUICK, ...(this.options.args ?? [])]
    const index = this.servers.findIndex(server => server.port === port)
    this.servers[index] = await startRedisServer({ port, args })
    await this.areReady()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map(one => one.stop()))
  }

  /** Each Sentinel knows both others, and a replica that has all of the primary's data. */
  private async areReady(): Promise<void> {
    const isReady = async (sentinel: Sentinel) => {
      const primary = fieldsOf(await this.ask(sentinel, "MASTER", PRIMARY))
      const [replica = []] = (await this.ask(sentinel, "REPLICAS", PRIMARY)) as string[][]
      const isKnown = primary("num-other-sentinels") === "2" && primary("flags") === "master"
      return isKnown && fieldsOf(replica)("master-link-status") === "ok" && fieldsOf(replica)("flags") === "slave"
    }
    for (const sentinel of this.sentinels) await until(() => isReady(sentinel).catch(() => false))
  }

  private ask(sentinel: Sentinel, ...command: string[]): Promise<unknown> {
    return this.tell(sentinel, "SENTINEL", ...command)
  }

  private async tell({ port }: { port: number }, ...command: [string, ...string[]]): Promise<unknown> {
    const redis = new Redis(port)
    redis.on("error", () => {})
    try {
      return await redis.call(...command)
    } finally {
      redis.disconnect()
    }
  }
}

/** Reads a reply that lists names and values in turn. */
const fieldsOf = (reply: unknown) => (name: string) => (reply as string[])[(reply as string[]).indexOf(name) + 1]
