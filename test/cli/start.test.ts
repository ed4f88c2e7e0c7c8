import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { createDatabase, dropDatabase, freshDatabase } from "../support/postgres.ts"
import { opsdeck, root, temporaryDirectory } from "../support/program.ts"
import { platformOn } from "./platform.ts"

const platform = platformOn(freshDatabase())

test("the console without a terminal is refused in one line", async () => {
  for (const env of [platform.env, { ...platform.env, TERM: "dumb" }]) {
    const { status, stdout, stderr } = await opsdeck([], env)
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
    expect(stderr).toMatch(/^opsdeck: the console needs a terminal \(over SSH: ssh -t\); .*\n$/)
  }
})

test("help and version need no configuration", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  expect(await opsdeck(["--version"])).toEqual({ status: 0, stdout: `opsdeck ${version}\n`, stderr: "" })
  await expect((await opsdeck(["--help"])).stdout).toMatchFileSnapshot("golden/help.txt")
})

test("a command's help comes from its declaration", async () => {
  const { status, stdout } = await opsdeck(["log", "--help"])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Usage\n {2}opsdeck log \[FILTER...\] \[options\]\n/)
  for (const option of ["--risk-min 0..1", "--before ID", "--follow", "--json", "--profile NAME"]) {
    expect(stdout).toMatch(new RegExp(`\n {2}${option} {2,}\\S`))
  }
  expect(stdout).not.toContain("--ehlo-name")
  expect((await opsdeck(["email", "test", "--help"])).stdout).toContain("--ehlo-name NAME")
})

test("an old Node is refused in one line", async () => {
  const old = "Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})"
  for (const program of ["bin/opsdeck.js", "dist/main.js"]) {
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${old}` }
    const { status, stderr } = await opsdeck(["demo", "--servers-only"], env, join(root, program))
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "opsdeck: Node 22 or newer is needed, and this is 20.19.0\n",
    })
  }
})

test("a program that is not built says what to run", async () => {
  const clone = temporaryDirectory()
  mkdirSync(join(clone, "bin"))
  cpSync(join(root, "bin/opsdeck.js"), join(clone, "bin/opsdeck.js"))
  writeFileSync(join(clone, "package.json"), '{"type":"module"}')
  const { status, stderr } = await opsdeck(["log"], {}, join(clone, "bin/opsdeck.js"))
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "opsdeck: the program is not built yet; run: npm run build\n",
  })
})

test("migrate creates the tables of an empty database, once", async () => {
  const url = await createDatabase()
  try {
    const migrate = (...more: string[]) => opsdeck(["migrate", ...more], { DATABASE_URL: url })
    expect(await migrate("now")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("unexpected argument now"),
    })
    expect(await migrate()).toMatchObject({ status: 0, stderr: "" })
    expect(await migrate()).toMatchObject({ status: 5, stderr: expect.stringContaining("is not empty") })
  } finally {
    await dropDatabase(url)
  }
})

/** What only the code of a library has in it. */
const REACT = "react.transitional.element"
const NODEMAILER = "SMTP handshake finished"
const chunksOf = (directory: string) => readdirSync(directory).filter(name => name.endsWith(".js"))

test("a command loads neither React nor nodemailer", async () => {
  const coverage = temporaryDirectory()
  const { status } = await opsdeck(["log", "--limit", "1"], { ...platform.env, NODE_V8_COVERAGE: coverage })
  expect(status).toBe(0)
  const loaded = readdirSync(coverage)
    .flatMap(name => JSON.parse(readFileSync(join(coverage, name), "utf8")).result as { url: string }[])
    .filter(({ url }) => url.startsWith("file:") && url.includes("/dist/"))
    .map(({ url }) => readFileSync(fileURLToPath(url), "utf8"))
  expect(loaded.length).toBeGreaterThan(0)
  const dist = join(root, "dist")
  const built = chunksOf(dist).map(name => readFileSync(join(dist, name), "utf8"))
  for (const library of [REACT, NODEMAILER]) {
    expect(loaded.filter(source => source.includes(library))).toEqual([])
    expect(built.some(source => source.includes(library))).toBe(true)
  }
})

test("the tail's thread begins without the history, which is loaded when the past is asked for", () => {
  const dist = join(root, "dist")
  const begun = new Set(["tail-worker.js"])
  // A set that grows is walked to its end.
  for (const name of begun) {
    const source = readFileSync(join(dist, name), "utf8")
    for (const [, imported] of source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) begun.add(imported as string)
  }
  const holds = (names: Iterable<string>) =>
    [...names].some(name => readFileSync(join(dist, name), "utf8").includes("read_parquet"))
  expect(holds(chunksOf(dist))).toBe(true)
  expect(holds(begun)).toBe(false)
})
