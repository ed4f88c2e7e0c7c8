import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { openLogFile } from "../../src/log-file.ts"

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "opsdeck-log-"))
})
afterEach(() => rmSync(directory, { recursive: true }))

it("is made when the first line is written, readable by its owner alone", () => {
  const log = openLogFile(join(directory, "state/opsdeck.log"))
  expect(existsSync(log.path)).toBe(false)
  log.write("started", { attempt: 1 })
  expect(readFileSync(log.path, "utf8")).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z started { attempt: 1 }\n$/)
  expect(statSync(log.path).mode & 0o777).toBe(0o600)
})

it("closes a file that others could read", () => {
  const path = join(directory, "opsdeck.log")
  writeFileSync(path, "", { mode: 0o644 })
  openLogFile(path).write("x")
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it("never holds a secret", () => {
  const log = openLogFile(join(directory, "opsdeck.log"))
  log.write("postgres://u:hunt@hunter2@h/x and postgres://u:a/hunter2@h/x")
  expect(readFileSync(log.path, "utf8")).toMatch(/postgres:\/\/u:\*\*\*@h\/x and postgres:\/\/u:\*\*\*@h\/x\n$/)
  log.write(new Error(`postgres://u:hunter2@h/x redis://:hunter2@h rediss://h?password=hunter2 ak-${"0f".repeat(32)}`))
  const text = readFileSync(log.path, "utf8")
  expect(text).toContain("postgres://u:***@h/x redis://:***@h rediss://h?password=*** ak-***")
  expect(text).not.toContain("hunter2")
})

it("keeps two files of a megabyte at most", () => {
  const log = openLogFile(join(directory, "opsdeck.log"))
  const line = "x".repeat(100_000)
  for (let i = 0; i < 40; i++) log.write(line)
  expect(statSync(log.path).size).toBeLessThan(1_200_000)
  expect(statSync(`${log.path}.1`).size).toBeLessThan(1_200_000)
})

it("never throws, wherever it is", () => {
  writeFileSync(join(directory, "file"), "")
  openLogFile(join(directory, "file/opsdeck.log")).write("lost")
})
