import type { Key } from "ink"
import { describe, expect, test } from "vitest"
import { chordLabel, chords } from "../../../src/ui/keys/chord.ts"

const key = (flags: Partial<Key> = {}) => flags as Key

describe("one event of input becomes the keys that were pressed", () => {
  test("fast typing arrives as one event", () => {
    expect(chords("jjjq", key())).toEqual(["j", "j", "j", "q"])
  })

  test("text and Return typed fast", () => {
    expect(chords("yes\r", key())).toEqual(["y", "e", "s", "enter"])
  })

  test("Esc followed at once by a key is Alt to the terminal, and two keys to us", () => {
    expect(chords("q", key({ meta: true }))).toEqual(["esc", "q"])
  })

  test("control keys, arrows and Shift-Tab have names", () => {
    expect(chords("u", key({ ctrl: true }))).toEqual(["ctrl-u"])
    expect(chords("", key({ upArrow: true }))).toEqual(["up"])
    expect(chords("", key({ tab: true, shift: true }))).toEqual(["shift-tab"])
  })

  test("a cluster of several code points is one key", () => {
    expect(chords("e\u0301x", key())).toEqual(["e\u0301", "x"])
  })
})

test("labels read as people write them", () => {
  expect(["ctrl-s", "esc", "G", " "].map(chordLabel)).toEqual(["^S", "Esc", "G", "Space"])
})
