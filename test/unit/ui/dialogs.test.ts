import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { root } from "../../support/program.ts"
import { keyScreens } from "../docs/keys.ts"

const dialogs = keyScreens().filter(({ overlay }) => overlay)
const keysOf = (dialog: (typeof dialogs)[number]) => dialog.bindings.flatMap(({ keys }) => keys as readonly string[])

test("every dialog that is declared is among those of the documents and of these tests", () => {
  const declared = globSync("src/ui/**/*.{ts,tsx}", { cwd: root }).flatMap(
    path => readFileSync(join(root, path), "utf8").match(/= defineDialog[(<]/g) ?? [],
  )
  expect(dialogs).toHaveLength(declared.length)
})

test("one letter answers a question, and nothing that changes the platform", () => {
  const answered = dialogs.filter(dialog => dialog.bindings.some(({ label }) => label === "yes" || label === "no"))
  expect(answered.map(({ id }) => id)).toEqual(["ask"])
  const deciding = dialogs.filter(({ id, typedAhead }) => !typedAhead && id !== "ask")
  expect(deciding.map(({ id }) => id).toSorted()).toEqual(["action", "bulk", "conflict", "proof", "unlock"])
  expect(deciding.filter(dialog => keysOf(dialog).some(key => /^[yn]$/i.test(key)))).toEqual([])
})

test("keys from before it was drawn are taken by dialogs that find, show, take along or write down alone", () => {
  const ahead = dialogs.filter(({ typedAhead }) => typedAhead).map(({ id }) => id)
  const finding = ["palette", "help", "time", "pivot", "deviations", "menu", "columns"]
  const takingAlong = ["copy", "save", "share"]
  expect(ahead.toSorted()).toEqual([...finding, ...takingAlong, "alerts", "incident-text"].toSorted())
})
