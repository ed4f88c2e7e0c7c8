import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, test, vi } from "vitest"
import { ColumnChoices } from "../../../src/ui/runtime/column-choices.ts"
import { temporaryDirectory } from "../../support/program.ts"

const newPath = () => join(temporaryDirectory(), "state/opsdeck/columns.json")
const choice = { order: ["STATUS", "STARTED"], hidden: ["MODEL"] }

test("the next console knows the columns, and nobody else can read them", () => {
  const path = newPath()
  new ColumnChoices(path).set("runs", choice)
  expect(new ColumnChoices(path).states.snapshot.get("runs")).toEqual(choice)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(dirname(path))).toEqual(["columns.json"])
})

test("what a screen declares leaves nothing behind", () => {
  const path = newPath()
  const choices = new ColumnChoices(path)
  choices.set("runs", choice)
  choices.set("runs", undefined)
  expect(readFileSync(path, "utf8")).toBe("{}\n")
})

test("two consoles keep the choices of each other's screens", () => {
  const path = newPath()
  const [one, other] = [new ColumnChoices(path), new ColumnChoices(path)]
  one.set("runs", choice)
  other.set("users", choice)
  expect([...new ColumnChoices(path).states.snapshot.keys()]).toEqual(["runs", "users"])
})

test("what is no choice is no harm", () => {
  const path = newPath()
  mkdirSync(dirname(path), { recursive: true })
  const titles = (length: number) => Array.from({ length }, () => "A")
  const strange: Record<string, unknown> = {
    a: null,
    b: { order: "STATUS", hidden: [] },
    c: { order: [1], hidden: [] },
    d: { order: titles(65), hidden: [] },
    constructor: 7,
    runs: choice,
  }
  writeFileSync(path, JSON.stringify(strange))
  expect([...new ColumnChoices(path).states.snapshot]).toEqual([["runs", choice]])
  for (const text of [
    "",
    "{",
    "[]",
    "null",
    "\0\xff",
    JSON.stringify({ runs: { order: [], hidden: ["x".repeat(70_000)] } }),
  ]) {
    writeFileSync(path, text)
    expect(new ColumnChoices(path).states.snapshot.size).toBe(0)
  }
})

test("where the file cannot be written, the choice lasts as long as the console", () => {
  const path = join(newPath(), "columns.json")
  mkdirSync(dirname(dirname(path)), { recursive: true })
  writeFileSync(dirname(path), "a file in the place of the directory")
  const said = vi.spyOn(console, "error").mockImplementation(() => {})
  const choices = new ColumnChoices(path)
  choices.set("runs", choice)
  expect(choices.states.snapshot.get("runs")).toEqual(choice)
  expect(said).toHaveBeenCalled()
  said.mockRestore()
})
