import fc from "fast-check"
import { expect, test } from "vitest"
import { type Shown, show, width } from "../../../src/domain/safe-text.ts"
import { fieldText } from "../../../src/ui/keys/text-field.ts"
import { piecesWidth } from "../../../src/ui/widgets/line.tsx"
import { columnOf, fieldPieces } from "../../../src/ui/widgets/text-field-view.ts"
import { cpuTime } from "../../support/cpu-time.ts"

const text = fc.string({ unit: fc.constantFrom("a", " ", "é", "王", "\x1b", "👩‍🚀"), maxLength: 60 })

test("the cursor is in sight, with what stands before it as far as there is room", () => {
  fc.assert(
    fc.property(text, fc.nat(60), fc.integer({ min: 12, max: 40 }), (typed, place, columns) => {
      const field = fieldText(typed)
      const cursor = Math.min(place, field.clusters.length)
      const [before, at, after] = fieldPieces({ ...field, cursor }, columns, { focused: true }).map(
        ([part]) => part,
      ) as [Shown, Shown, Shown]
      const cells = field.clusters.map(cluster => show(cluster))
      expect(cells.slice(0, cursor).join("").endsWith(before)).toBe(true)
      expect(at).toBe(cells[cursor] ?? " ")
      expect(
        cells
          .slice(cursor + 1)
          .join("")
          .startsWith(after),
      ).toBe(true)
      expect(width(before)).toBeLessThan(columns)
      const index = field.clusters.slice(0, cursor).join("").length
      expect(columnOf({ ...field, cursor }, index, columns)).toBe(width(before))
    }),
  )
})

test("a field that is not typed in shows its beginning, and that there is more", () => {
  const field = fieldText("0123456789")
  expect(fieldPieces(field, 20)[0]?.[0]).toBe("0123456789")
  expect(piecesWidth(fieldPieces(field, 5))).toBeGreaterThan(5)
})

test("of a megabyte no more is looked at than there is room for", () => {
  const field = { clusters: Array<string>(1_000_000).fill("x"), cursor: 500_000 }
  const taken = cpuTime(() => {
    for (let key = 0; key < 100; key++) {
      expect(piecesWidth(fieldPieces(field, 80, { focused: true }))).toBeLessThan(200)
      expect(piecesWidth(fieldPieces(field, 80))).toBeLessThan(200)
    }
  })
  expect(taken).toBeLessThan(1_000)
})
