import { execFileSync } from "node:child_process"
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { fromNodeModules, type PostgresPrograms } from "../../src/demo/postgres-programs.ts"
import { exportedBy } from "../support/demo.ts"
import { asSuperuser } from "../support/postgres.ts"
import { opsdeck, root, startOpsdeck } from "../support/program.ts"

const directory = mkdtempSync(join(tmpdir(), "opsdeck-test-"))
const installed = join(directory, "lib/node_modules")

/** As the README says, but without a network: the package asks for no other. */
beforeAll(() => {
  const npm = (...args: string[]) => execFileSync("npm", [...args, "--silent"], { cwd: root, encoding: "utf8" }).trim()
  const file = npm("pack", "--ignore-scripts", "--pack-destination", directory)
  npm("install", "--global", "--offline", "--no-audit", "--no-fund", "--prefix", directory, join(directory, file))
}, 60_000)
afterAll(() => rmSync(directory, { recursive: true }))

const starter = () => join(installed, "opsdeck/bin/opsdeck.js")

test("installed from npm it takes less than 5 MB", () => {
  expect(
    Number.parseInt(execFileSync("du", ["-sk", join(installed, "opsdeck")], { encoding: "utf8" }), 10),
  ).toBeLessThan(4880)
})

test("the package is one package, with the manual, the licences of what it is made of, and no source maps", () => {
  expect(readdirSync(installed).filter(name => !name.startsWith("."))).toEqual(["opsdeck"])
  const files = readdirSync(join(installed, "opsdeck/dist"))
  expect(files.filter(name => name.endsWith(".map"))).toEqual([])
  const licences = readFileSync(join(installed, "opsdeck/dist/LICENCES.txt"), "utf8")
  for (const name of ["react 19", "meow 14", "yargs-parser"]) expect(licences).toContain(name)
  const manual = readFileSync(join(installed, "opsdeck/dist/opsdeck.1"), "utf8")
  expect(manual).toContain(".SS opsdeck users update ID [options]".replaceAll("-", "\\-"))
  expect(manual).toContain("OPSDECK_API_KEY")
})

test("what is installed runs: version, help, a command that reaches nothing, the console without a terminal", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  expect(existsSync(join(directory, "bin/opsdeck"))).toBe(true)
  expect(existsSync(join(directory, "share/man/man1/opsdeck.1"))).toBe(true)
  expect((await opsdeck(["--version"], {}, starter())).stdout).toBe(`opsdeck ${version}\n`)
  expect((await opsdeck(["users", "--help"], {}, starter())).stdout).toContain("users update")
  const nowhere = {
    DATABASE_URL: "postgres://127.0.0.1:1/x",
    REDIS_URL: "redis://127.0.0.1:1",
    OPSDECK_API_KEY: "ak-1",
  }
  expect((await opsdeck(["users", "list", "--json"], nowhere, starter())).status).toBe(6)
  expect((await opsdeck([], nowhere, starter())).status).toBe(2)
})

test("the demonstration runs on the PostgreSQL of the PATH, also from a home that is closed to others", async () => {
  const { postgres } = (await fromNodeModules()) as PostgresPrograms
  const home = join(directory, "home")
  cpSync(dirname(dirname(postgres)), join(home, "postgres"), { recursive: true, verbatimSymlinks: true })
  chmodSync(home, 0o700)
  const links = join(directory, "links")
  mkdirSync(links)
  for (const program of ["initdb", "postgres"]) symlinkSync(join(home, "postgres/bin", program), join(links, program))
  const temporary = join(directory, "tmp")
  mkdirSync(temporary)
  chmodSync(directory, 0o755)

  const env = { PATH: `${links}:${process.env.PATH}`, TMPDIR: temporary }
  const demo = startOpsdeck(["demo", "--servers-only"], env, undefined, starter())
  const platform = await exportedBy(demo)
  expect(JSON.parse((await opsdeck(["log", "--limit", "3", "--json"], platform, starter())).stdout).data).toHaveLength(
    3,
  )
  const [row] = await asSuperuser("show server_version", platform.DATABASE_URL)
  expect(execFileSync(postgres, ["--version"], { encoding: "utf8" })).toContain(` ${row?.server_version}`)

  demo.process.kill("SIGINT")
  expect(await demo.status).toBe(130)
  expect(demo.stderr()).toContain("everything that was started is stopped and removed")
  expect(readdirSync(temporary).filter(name => name.startsWith("opsdeck-"))).toEqual([])
})
