import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { chown, cp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { PostgresPrograms } from "./postgres-programs.ts"

/** User of the server process: PostgreSQL refuses root, so root runs it as `nobody`. */
type Rights = { uid?: number; gid?: number }
type Settings = Readonly<Record<string, string>>

/** Creates a new cluster in `data`, UTF-8 and locale C, with the superuser "postgres". */
export async function initialise(
  initdb: string,
  data: string,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const passwordFile = `${data}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  await own(passwordFile)
  const flags = ["--username=postgres", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-sync"]
  await run(initdb, [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags], "exit", signal)
  await rm(passwordFile)
}

/** Starts a server on `data`; resolves once it accepts connections, those of a standby included. */
export function launchServer(postgres: string, data: string, settings: Settings): Promise<ChildProcess> {
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  return run(postgres, ["-D", data, ...options], "database system is ready to accept")
}

/**
 * Starts `file` and resolves once it exited with 0 (`until` is "exit") or wrote the text `until` to standard error.
 * Rejects with its output when it cannot be started or ends too early; `signal` ends it.
 */
function run(file: string, args: string[], until: string, signal?: AbortSignal): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" }
    const child = spawn(file, args, { ...rightsOfServer(), env, cwd: tmpdir(), stdio: ["ignore", "ignore", "pipe"] })
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
export async function reachablePrograms(programs: PostgresPrograms, directory: string): Promise<PostgresPrograms> {
  try {
    execFileSync(programs.postgres, ["--version"], { ...rightsOfServer(), cwd: tmpdir(), stdio: "ignore" })
    return programs
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error
  }
  const copy = join(directory, "postgres")
  // The libraries are relative links to one another; absolute ones would lead back to the inaccessible directory.
  await cp(dirname(dirname(programs.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") }
}

/** Makes `path` the server's own. */
export async function own(path: string): Promise<void> {
  const { uid, gid } = rightsOfServer()
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

function rightsOfServer(): Rights {
  if (process.getuid?.() !== 0) return {}
  const idOf = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }))
  return { uid: idOf("-u"), gid: idOf("-g") }
}
