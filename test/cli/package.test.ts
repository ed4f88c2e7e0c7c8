import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { opsdeck, root } from "../support/program.ts"

const directory = mkdtempSync(join(tmpdir(), "opsdeck-test-"))
const installed = join(directory, "node_modules")

/** Without network: the package asks for no other. */
beforeAll(() => {
  const npm = (...args: string[]) => execFileSync("npm", [...args, "--silent"], { cwd: root, encoding: "utf8" }).trim()
  const file = npm("pack", "--ignore-scripts", "--pack-destination", directory)
  npm("install", "--offline", "--no-audit", "--no-fund", "--prefix", directory, join(directory, file))
}, 60_000)
afterAll(() => rmSync(directory, { recursive: true }))

const starter = () => join(installed, "opsdeck/bin/opsdeck.js")

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
  expect(existsSync(join(installed, ".bin/opsdeck"))).toBe(true)
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

test("the demonstration, whose PostgreSQL is not part of it, says where it is", async () => {
  const { status, stderr } = await opsdeck(["demo", "--servers-only"], {}, starter())
  expect(status).toBe(6)
  expect(stderr).toContain("comes with a clone of opsdeck")
})
