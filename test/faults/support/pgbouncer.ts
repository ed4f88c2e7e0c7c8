import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../../../src/demo/free-port.ts"
import { own } from "../../../src/demo/postgres-process.ts"
import { installedProgram } from "../../support/installed-program.ts"

/** A PgBouncer of our own. */
export interface PgBouncer {
  /** Leads through it to the database it was started for. */
  readonly url: string
  /** Leads to the server of `url` from now on, as an administrator has it do after a failover. */
  switchTo(url: string): Promise<void>
  stop(): Promise<void>
}

/** Server connections that all clients share. */
const POOL = 2

/**
 * Starts PgBouncer in transaction mode before the database at `url`, on a free port of the loopback address; undefined
 * where this machine has none (scripts/prepare.mjs installs it where it may). Rejects with what it said when it does not come up.
 */
export async function startPgBouncer(url: string): Promise<PgBouncer | undefined> {
  const program = installedProgram("pgbouncer")
  if (program === undefined) return undefined
  const directory = await mkdtemp(join(tmpdir(), "opsdeck-pgbouncer-"))
  const port = await freePort()
  const file = join(directory, "pgbouncer.ini")
  const configure = async (url: string) => {
    await writeFile(file, configuration(new URL(url), port), { mode: 0o600 })
    await own(file)
  }
  await own(directory)
  await configure(url)
  // It refuses to run as root.
  const rights = process.getuid?.() === 0 ? ["-u", "nobody"] : []
  const child = spawn(program, [...rights, file], { cwd: tmpdir(), stdio: ["ignore", "ignore", "pipe"] })
  const ended = once(child, "close")
  await new Promise<void>((resolve, reject) => {
    let said = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text
      if (said.includes("process up")) resolve()
    })
    child.on("error", reject)
    child.on("close", status => reject(new Error(`pgbouncer ended with status ${status}: ${said.trim()}`)))
  })
  const through = new URL(url)
  through.port = String(port)
  return {
    url: through.href,
    async switchTo(url) {
      await configure(url)
      child.kill("SIGHUP")
    },
    async stop() {
      child.kill("SIGKILL")
      await ended
      await rm(directory, { recursive: true })
    },
  }
}

/** A server that was away is tried again after a second, and not the usual fifteen. */
const configuration = ({ hostname, port, username, password }: URL, own: number) => `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
server_login_retry = 1
default_pool_size = ${POOL}
`
