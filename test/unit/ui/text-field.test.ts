import { describe, expect, test } from "vitest"
import { type FieldText, fieldTarget, fieldText } from "../../../src/ui/keys/text-field.ts"

/** Returns the text after `keys`, with `|` at the cursor. */
function typed(text: string, ...keys: string[]): string {
  let field: FieldText = fieldText(text)
  const target = fieldTarget(change => {
    field = change(field)
  })
  for (const key of keys) target.keys.find(bound => bound.keys.includes(key))?.press()
  return `${field.clusters.slice(0, field.cursor).join("")}|${field.clusters.slice(field.cursor).join("")}`
}

const FILTER = "path:/v1/auth status:500"

describe("words", () => {
  test("Alt and Ctrl with arrows, and Alt-b and Alt-f, move by words of letters and digits", () => {
    expect(typed(FILTER, "alt-b")).toBe("path:/v1/auth status:|500")
    expect(typed(FILTER, "alt-b", "ctrl-left", "alt-left")).toBe("path:/v1/|auth status:500")
    expect(typed(FILTER, "home", "alt-f", "ctrl-right")).toBe("path:/v1|/auth status:500")
    expect(typed("éa b", "home", "alt-right")).toBe("éa| b")
  })

  test("Alt-Backspace and Alt-d delete one, Ctrl-W all up to the space before", () => {
    expect(typed(FILTER, "alt-backspace")).toBe("path:/v1/auth status:|")
    expect(typed(FILTER, "ctrl-w")).toBe("path:/v1/auth |")
    expect(typed(FILTER, "home", "alt-d")).toBe("|:/v1/auth status:500")
    expect(typed(FILTER, "alt-b", "ctrl-delete")).toBe("path:/v1/auth status:|")
  })

  test("at either end nothing happens", () => {
    expect(typed("a", "alt-f", "alt-d")).toBe("a|")
    expect(typed("a", "home", "alt-b", "alt-backspace")).toBe("|a")
  })
})
