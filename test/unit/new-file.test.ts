import { spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { writeNewFile } from "../../src/adapters/new-file.ts"
import { DeckError } from "../../src/domain/errors.ts"
import { root, temporaryDirectory } from "../support/program.ts"

const failing = (code: string) =>
  (function* () {
    yield "the beginning"
    throw Object.assign(new Error(code), { code })
  })()

test("a file is written whole, for nobody else to read", async () => {
  const path = join(temporaryDirectory(), "codes.txt")
  const lines = Array.from({ length: 50_000 }, (_, n) => `line ${n} ü\n`)
  expect(await writeNewFile(path, lines)).toBe(path)
  expect(readFileSync(path, "utf8")).toBe(lines.join(""))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(path, ".."))).toEqual(["codes.txt"])
})

test("~ is the home directory, and only in front", async () => {
  const missing = `~/${crypto.randomUUID()}/x`
  await expect(writeNewFile(missing, [""])).rejects.toThrow(join(homedir(), missing.slice(2)))
  const directory = temporaryDirectory()
  mkdirSync(join(directory, "~"))
  expect(await writeNewFile(join(directory, "~", "x"), ["y"])).toBe(join(directory, "~", "x"))
})

test("a name may be as long as the disk allows, whatever it is written in", async () => {
  const path = join(temporaryDirectory(), `${"码".repeat(80)}.txt`)
  expect(await writeNewFile(path, ["x"])).toBe(path)
})

test("what is named as a directory becomes no file", async () => {
  const directory = temporaryDirectory()
  await expect(writeNewFile(`${directory}/new/`, ["x"])).rejects.toMatchObject({
    code: "invalid",
    field: "path",
    message: `the path is a directory, add a file name: ${directory}/new/`,
  })
  expect(readdirSync(directory)).toEqual([])
})

test("a file that is there stays as it is", async () => {
  const path = join(temporaryDirectory(), "codes.txt")
  writeFileSync(path, "before")
  await expect(writeNewFile(path, ["after"])).rejects.toMatchObject({
    code: "conflict",
    field: "path",
    message: `the file exists, choose another name: ${path}`,
  })
  expect(readFileSync(path, "utf8")).toBe("before")
  expect(readdirSync(join(path, ".."))).toEqual(["codes.txt"])
})

describe("what cannot be written leaves nothing behind, and says why:", () => {
  test.each([
    ["ENOSPC", /^not written, the disk is full/],
    ["EDQUOT", /^not written, disk quota exceeded/],
    ["EFBIG", /^not written, file too large/],
    ["EIO", /^not written, EIO/],
  ])("%s in the middle", async (code, message) => {
    const directory = temporaryDirectory()
    const written = writeNewFile(join(directory, "codes.txt"), failing(code))
    await expect(written).rejects.toMatchObject({ code: "unavailable", field: "path", message })
    expect(readdirSync(directory)).toEqual([])
  })

  test("what the text is made of fails: in the words of who made it, with the trace", async () => {
    const directory = temporaryDirectory()
    const lost = (async function* () {
      yield "the beginning"
      throw new DeckError("unavailable", "PostgreSQL refused", { traceId: "7d1e" })
    })()
    await expect(writeNewFile(join(directory, "users.csv"), lost)).rejects.toMatchObject({
      code: "unavailable",
      message: "not written, PostgreSQL refused",
      traceId: "7d1e",
    })
    expect(readdirSync(directory)).toEqual([])
  })

  test("the program ends", async () => {
    const directory = temporaryDirectory()
    const source = `
      import { writeNewFile } from ${JSON.stringify(join(root, "src/adapters/new-file.ts"))}
      await writeNewFile(${JSON.stringify(join(directory, "x"))}, (async function* () {
        yield "x".repeat(100_000)
        process.exit(3)
      })())`
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", source])
    expect(status).toBe(3)
    expect(readdirSync(directory)).toEqual([])
  })

  test("a directory that is not there, or is a file", async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, "file"), "")
    for (const path of ["none/x", "file/x"]) {
      await expect(writeNewFile(join(directory, path), ["x"])).rejects.toThrow(/no such directory/)
    }
  })

  test("the name of a directory", async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, "taken"))
    await expect(writeNewFile(join(directory, "taken"), ["x"])).rejects.toThrow(/file exists/)
    expect(readdirSync(directory)).toEqual(["taken"])
  })

  test.skipIf(process.getuid?.() === 0)("a directory that may not be written to", async () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o500)
    await expect(writeNewFile(join(directory, "x"), ["x"])).rejects.toThrow(/permission denied/)
  })
})
