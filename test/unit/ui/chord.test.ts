import { expect, test } from "vitest"
import { chordLabel, chordOf } from "../../../src/ui/keys/chord.ts"

test("labels read as people write them", () => {
  expect(["ctrl-s", "esc", "G", " ", "alt-b", "alt-backspace", "ctrl-left", "f2", "-"].map(chordLabel)).toEqual([
    ...["^S", "Esc", "G", "Space", "Alt-b", "Alt-Backspace", "Ctrl-←", "F2", "-"],
  ])
})

test("keys are written by their names; those that no terminal sends are none", () => {
  for (const key of ["x", "ctrl-x", "alt-x", "pagedown", "f2", "alt-left", "shift-tab", "é"])
    expect(chordOf(key)).toBe(key)
  expect(chordOf("space")).toBe(" ")
  for (const key of ["ctrl-i", "ctrl-1", "f13", "alt-", "xy", "\x07", ""]) expect(chordOf(key)).toBeUndefined()
})
