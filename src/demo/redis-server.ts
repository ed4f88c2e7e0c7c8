import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { DeckError } from "../domain/errors.ts"
import { freePort } from "./free-port.ts"

const STARTS_WITHIN_MS = 15_000
const ENDS_WITHIN_MS = 5_000
const REMEDY = "install one: apt-get install redis-server, dnf install valkey, or brew install redis"

export interface RedisServerOptions {
  /** Directory of its files, which `stop` keeps. Default: a temporary one. */
  dir?: string
  /** Default: a free one. Given with `dir`, a killed server can be restarted with its data. */
  port?: number
  /** Further arguments, such as `["--appendonly", "yes"]` or `["--requirepass", "secret"]`. */
  args?: readonly string[]
}

export type RedisServer = Awaited<ReturnType<typeof startRedisServer>>

/** Starts a throwaway redis-server (or valkey-server) on the loopback address. Throws DeckError "unavailable". */
export async function startRedisServer(options: RedisServerOptions = {}) {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "opsdeck-redis-")))
  const removeDir = async () => {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    // A port in use is rejected: its present owner would answer the PING.
    const port = await freePort(options.port)
    const server = await launch(port, dir, options.args ?? [])
    /** Ends the server (SIGTERM, and SIGKILL when that is not enough) and removes its temporary directory. */
    const stop = async () => {
      await end(server)
      await removeDir()
    }
    // Without a database and without a password.
    return { port, url: `redis://127.0.0.1:${port}`, pid: server.pid as number, process: server, stop }
  } catch (error) {
    await removeDir()
    throw error
  }
}

async function launch(port: number, dir: string, extra: readonly string[]): Promise<ChildProcess> {
  const log = join(dir, "redis.log")
  const place = ["--bind", "127.0.0.1", "--port", String(port), "--dir", dir, "--logfile", log]
  const args = [...place, "--save", "", "--daemonize", "no", ...extra]
  const server = (await spawned("redis-server", args)) ?? (await spawned("valkey-server", args))
  if (!server) throw new DeckError("unavailable", `neither redis-server nor valkey-server is on the PATH; ${REMEDY}`)
  const deadline = Date.now() + STARTS_WITHIN_MS
  while (!(await answers(port))) {
    if (server.exitCode === null && server.signalCode === null && Date.now() < deadline) {
      await delay(10)
      continue
    }
    await end(server)
    const text = await readFile(log, "utf8").catch(() => "")
    throw new DeckError("unavailable", `redis-server did not start on port ${port}: ${text.trim().split("\n").at(-1)}`)
  }
  return server
}

/** Returns the running program, or null when it does not exist. */
async function spawned(program: string, args: readonly string[]): Promise<ChildProcess | null> {
  const child = spawn(program, args, { stdio: "ignore" })
  return once(child, "spawn").then(
    () => child,
    () => null,
  )
}

/** Whether a server on `port` has finished loading; one that requires a password counts. */
function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"))
    const finish = (up: boolean) => {
      socket.destroy()
      resolve(up)
    }
    socket.setTimeout(1_000, () => finish(false))
    socket.on("error", () => finish(false))
    socket.on("close", () => finish(false))
    socket.on("data", reply => finish(/^(\+PONG|-NOAUTH)/.test(reply.toString())))
  })
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, "exit")
  const force = setTimeout(() => server.kill("SIGKILL"), ENDS_WITHIN_MS)
  server.kill("SIGTERM")
  await exited
  clearTimeout(force)
}
