import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { placeOf, rowCount, rowOf } from "../../../src/ui/kit/json/json-layout.ts"
import { jsonRows } from "../../../src/ui/kit/json/json-lines.ts"
import {
  initialJson,
  inWindow,
  type JsonAction,
  type JsonState,
  type JsonWindow,
  jsonReducer,
} from "../../../src/ui/kit/json/json-state.ts"
import { jsonLines, linesWith } from "../../../src/ui/kit/json/json-tree.ts"

const VALUE = { a: 1, list: [{ deep: "here" }, []], text: "x" }
const windowOf = (value: unknown, height = 50, columns = 60): JsonWindow => ({
  lines: jsonLines([{ title: "T", value }]),
  columns,
  height,
})

type Keys = JsonAction extends infer Each ? (Each extends JsonAction ? Omit<Each, keyof JsonWindow> : never) : never
const press = (window: JsonWindow, ...keys: Keys[]) =>
  keys.reduce<JsonState>((state, key) => jsonReducer(state, { ...window, ...key } as JsonAction), initialJson)

/** The rows in sight as text. */
function drawn(state: JsonState, window: JsonWindow): string[] {
  const { layout, row, top } = inWindow(state, window)
  const canvas = { top, height: window.height, selected: row, pattern: undefined, columns: window.columns }
  return jsonRows(layout, canvas).map(pieces =>
    pieces
      .map(([text]) => text)
      .join("")
      .trimEnd(),
  )
}
function seen(value: unknown, ...keys: Keys[]): string[] {
  const window = windowOf(value)
  return drawn(press(window, ...keys), window)
}

test("values are printed as JSON is, whatever is in them", () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const [, ...lines] = jsonLines([{ title: "", value }])
      const text = lines.map(({ depth, name, text }) => `${"  ".repeat(depth)}${name}${text}`).join("\n")
      expect(text).toBe(JSON.stringify(value, null, 2))
    }),
  )
})

test("what is nested deeper than any stack is printed too", () => {
  let value: unknown = "core"
  for (let depth = 0; depth < 50_000; depth++) value = [value]
  expect(jsonLines([{ title: "", value }])).toHaveLength(100_002)
})

test("what is selected folds, with the number of its members, and unfolds", () => {
  const [down, turn] = [{ type: "move", by: 3 }, { type: "turn" }] as const
  expect(seen(VALUE, down, turn)).toEqual([
    "   ▾ T",
    "   ▾ {",
    '       "a": 1,',
    ' ▌   ▸ "list": [ 2 items ],',
    '       "text": "x"',
    "     }",
  ])
  expect(seen(VALUE, down, turn, turn)).toHaveLength(seen(VALUE).length)
})

describe("left and right", () => {
  const [into, out] = [{ type: "in" }, { type: "out" }] as const
  const selected = (...keys: Keys[]) => {
    const window = windowOf(VALUE)
    const { name, text } = window.lines[press(window, ...keys).at.line]!
    return name + text
  }

  test("right enters what is open, and opens what is folded", () => {
    expect(selected(into, into)).toBe('"a": 1,')
    expect(selected({ type: "move", by: 3 }, { type: "turn" }, into)).toBe('"list": [')
  })

  test("left goes to what a value stands in, then folds that", () => {
    expect(selected({ type: "move", by: 5 }, out)).toBe("{")
    expect(seen(VALUE, { type: "move", by: 5 }, out, out)).toContainEqual(expect.stringContaining("{ 1 member },"))
  })

  test("Enter within an object folds it and goes to its beginning", () => {
    expect(selected({ type: "move", by: 5 }, { type: "turn" })).toBe("{")
  })
})

test("one key folds everything within, and unfolds everything", () => {
  const all = { type: "all" } as const
  expect(seen(VALUE, all)).toEqual([
    " ▌ ▾ T",
    "   ▾ {",
    '       "a": 1,',
    '     ▸ "list": [ 2 items ],',
    '       "text": "x"',
    "     }",
  ])
  expect(seen(VALUE, all, all)).toHaveLength(seen(VALUE).length)
})

test("a search goes to the next line with the text, from the last to the first, and opens what hides it", () => {
  const window = windowOf(VALUE)
  const found = linesWith(window.lines, text => text.includes("e"))
  expect(found.map(line => window.lines[line]?.name)).toEqual(['"deep": ', '"text": '])
  const next = { type: "find", found, by: 1 } as const
  const state = press(window, { type: "all" }, next)
  expect(window.lines[state.at.line]?.name).toBe('"deep": ')
  expect(drawn(state, window)).toContainEqual(expect.stringContaining('"deep": "here"'))
  expect(press(window, next, next, next).at.line).toBe(state.at.line)
  expect(press(window, { ...next, by: -1 }).at.line).toBe(found[1])
  expect(press(window, { type: "find", found: [], by: 1 })).toMatchObject({ at: { line: 0 } })
})

test("a long text takes as many rows as it needs, each of which can be gone to", () => {
  const value = { text: "word ".repeat(100) }
  const window = windowOf(value, 5, 40)
  const { layout } = inWindow(initialJson, window)
  expect(rowCount(layout)).toBeGreaterThan(15)
  for (let row = 0; row < rowCount(layout); row++) expect(rowOf(layout, placeOf(layout, row))).toBe(row)
  expect(drawn(press(window, { type: "move", by: Number.POSITIVE_INFINITY }), window).at(-1)).toContain("}")
})

test("the selected row stays in sight and where it is, whatever is folded and however small the screen", () => {
  const key = fc.oneof(
    fc.record({ type: fc.constant("move" as const), by: fc.integer({ min: -9, max: 9 }) }),
    fc.record({ type: fc.constantFrom("turn" as const, "in" as const, "out" as const, "all" as const) }),
    fc.record({
      type: fc.constant("find" as const),
      found: fc.constant([0, 2, 4]),
      by: fc.constantFrom(1 as const, -1 as const),
    }),
  )
  fc.assert(
    fc.property(fc.array(key), fc.integer({ min: 1, max: 8 }), (keys, height) => {
      const window = windowOf(VALUE, height)
      const { row, top, layout } = inWindow(press(window, ...keys), window)
      expect(row).toBeGreaterThanOrEqual(top)
      expect(row).toBeLessThan(top + height)
      expect(top).toBeLessThanOrEqual(Math.max(0, rowCount(layout) - height))
    }),
  )
})

test("other lines have nothing folded", () => {
  const [before, now] = [windowOf(VALUE), windowOf({ ...VALUE, more: 1 })]
  const { state } = inWindow(press(before, { type: "all" }), now)
  expect(state.folds.size).toBe(0)
})

test("text cannot write to the terminal", () => {
  expect(seen({ "\u001b[2J": "\u202e" }).join()).toContain('"\\u001b[2J": "\\u202e"')
})
