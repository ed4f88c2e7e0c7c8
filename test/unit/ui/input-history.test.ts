import { appendFileSync, chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test, vi } from "vitest"
import { InputHistory } from "../../../src/ui/runtime/input-history.ts"
import { temporaryDirectory } from "../../support/program.ts"

const newPath = () => join(temporaryDirectory(), "state/opsdeck/history")
const modeOf = (path: string) => statSync(path).mode & 0o777

test("what a field was given is remembered by the next console, the newest first and once", () => {
  const path = newPath()
  const history = new InputHistory(path)
  for (const text of ["status:5xx", "ip:10.0.0.0/8", " status:5xx "]) history.add("filter", text)
  history.add("palette", "users alice")
  expect(new InputHistory(path).entries("filter")).toEqual(["status:5xx", "ip:10.0.0.0/8"])
  expect(new InputHistory(path).entries("palette")).toEqual(["users alice"])
})

test("nobody else can read the file, also where somebody had made it readable", () => {
  const path = newPath()
  new InputHistory(path).add("filter", "user:alice")
  expect(modeOf(path)).toBe(0o600)
  chmodSync(path, 0o644)
  new InputHistory(path).add("filter", "user:bob")
  expect(modeOf(path)).toBe(0o600)
})

test("a password that somebody signs in with is not kept, wherever it is typed", () => {
  const history = new InputHistory(newPath())
  history.exclude("correct horse")
  history.add("filter", "correct horse")
  history.add("palette", "users correct horse")
  history.add("filter", "correct")
  expect(history.entries("filter")).toEqual(["correct"])
  expect(history.entries("palette")).toEqual([])
})

test("no secrets are kept", () => {
  const path = newPath()
  const history = new InputHistory(path)
  for (const text of [
    "codes pwza-NJ7D-VM4M-9YFN",
    "path:/x ak-4711",
    "AK-1a2b",
    "redis://:secret@host/0",
    "postgres://h/db?password=x",
  ]) {
    history.add("filter", text)
  }
  history.add("filter", "path:/break-glass")
  expect(history.entries("filter")).toEqual(["path:/break-glass"])
  expect(readFileSync(path, "utf8")).toBe('{"field":"filter","text":"path:/break-glass"}\n')
})

test("two consoles at once lose nothing of each other's, also while the file is put aside", () => {
  const path = newPath()
  const consoles = [new InputHistory(path), new InputHistory(path)]
  const texts = Array.from({ length: 3000 }, (_, number) => `path:/${number}`)
  texts.forEach((text, number) => void consoles[number % 2]?.add("filter", text))
  const movedInHistory = new InputHistory(path).entries("filter")
  expect(movedInHistory).toEqual(texts.toReversed().slice(0, movedInHistory.length))
  expect(movedInHistory.length).toBeGreaterThan(1000)
  expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThan(140 * 1024)
})

test("a line that is broken, or none of ours, is skipped", () => {
  const path = newPath()
  new InputHistory(path).add("filter", "a")
  appendFileSync(path, 'nonsense\n{"field":"filter"}\n{"field":"filter","te\nnull\n')
  new InputHistory(path).add("filter", "b")
  expect(new InputHistory(path).entries("filter")).toEqual(["b", "a"])
})

test("without a file that can be written it remembers while it is there; a file that is no history is not read", () => {
  const path = newPath()
  mkdirSync(path, { recursive: true })
  const told = vi.spyOn(console, "error").mockImplementation(() => {})
  const history = new InputHistory(path)
  history.add("filter", "a")
  expect(history.entries("filter")).toEqual(["a"])
  expect(told).toHaveBeenCalledOnce()
  told.mockRestore()
  const other = newPath()
  mkdirSync(join(other, ".."), { recursive: true })
  writeFileSync(other, "x".repeat(1024 * 1024))
  expect(new InputHistory(other).entries("filter")).toEqual([])
})
