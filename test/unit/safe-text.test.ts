import fc from "fast-check"
import stringWidth from "string-width"
import { expect, test } from "vitest"
import { fit as fitted, show, shown, width, withoutMiddle } from "../../src/domain/safe-text.ts"

/** Text as strangers send it: any code units, and the sequences that terminals obey, hide or measure differently. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
      fc.constantFrom("\x1b]8;;http://x\x1b\x1b]52;c;AA\x07", "\x1b[31m", "1\ufe0f\u20e3", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️"),
      fc.constantFrom(
        "王小明",
        "e\u0301",
        "e\u0301\u0301\u0301\u0301\u0301",
        "हिन्दी",
        "กำ",
        "\u1112안",
        "\u115f",
        "\u3164",
      ),
    ),
  )
  .map(parts => parts.join(""))

const wholeText = (raw: string) => show(raw, 1_000_000)

test("text that nothing is wrong with stays as it is", () => {
  for (const plain of [
    "/v1/threads?q=1",
    "",
    "Zoë e\u0301tude",
    "王小明 さん 안녕",
    "Привет",
    "שלום",
    "مرحبا",
    "ไทย",
    "😀 ✓ ▁█ 🚀",
  ]) {
    expect(show(plain)).toBe(plain)
  }
})

test("what would act on the terminal, hide or deceive is spelt out", () => {
  expect(show("a\nb\r\tc")).toBe("a\\nb\\r\\tc")
  expect(show("\x1b[31mred\x07\x7f\x9b0m")).toBe("\\x1b[31mred\\x07\\x7f\\x9b0m")
  expect(show("\u202egpj.exe\u2066")).toBe("\\u202egpj.exe\\u2066")
  expect(show("a\u200bb\u00adc\ufeffd\u2028e\u2029f\u00a0g")).toBe("a\\u200bb\\xadc\\ufeffd\\u2028e\\u2029f\\xa0g")
  expect(show("\ud800x\udc00")).toBe("\\ud800x\\udc00")
  expect(show("\u{e0041}\ue000\u{10fffd}\u0378")).toBe("\\u{e0041}\\ue000\\u{10fffd}\\u0378")
  expect(show("\u3164\u115f\u1160")).toBe("\\u3164\\u115f\\u1160")
})

test("clusters that terminals measure differently are taken apart", () => {
  expect(show("👍🏽")).toBe("👍\\u{1f3fd}")
  expect(show("👨‍👩‍👧")).toBe("👨\\u200d👩\\u200d👧")
  expect(show("1\ufe0f\u20e3")).toBe("1\\ufe0f\\u20e3")
  expect(show("🇩🇪")).toBe("\\u{1f1e9}\\u{1f1ea}")
})

test("a mark stays on its letter, but not on nothing, nor on three others", () => {
  expect(show("\u0301a")).toBe("\\u0301a")
  expect(show(" \u0301")).toBe(" \\u0301")
  expect(show("a\u0301\u0301\u0301\u0301")).toBe("a\u0301\u0301\u0301\\u0301")
})

test("a long text is cut to its bytes, and says how many are missing", () => {
  expect(show("x".repeat(10), 4)).toBe("xxxx… (6 bytes more)")
  expect(show("王王王", 4)).toBe("王… (6 bytes more)")
  expect(show("😀😀", 5)).toBe("😀… (4 bytes more)")
  expect(show("é", 2)).toBe("é")
  expect(show("x".repeat(4096))).toHaveLength(4096)
  expect(show("\x1b".repeat(1_000_000)).length).toBeLessThan(4096 * 4 + 40)
})

test("whatever comes in, nothing that acts on a terminal or cannot be seen comes out", () => {
  fc.assert(
    fc.property(hostile, raw => {
      expect(wholeText(raw)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/v)
    }),
    { numRuns: 500 },
  )
})

test("every kept character has the same width alone and in its text", () => {
  fc.assert(
    fc.property(hostile, raw => {
      const text = wholeText(raw)
      expect(width(text)).toBe(stringWidth(text))
      expect(width(text)).toBe([...text].reduce((sum, character) => sum + stringWidth(character), 0))
    }),
    { numRuns: 500 },
  )
})

test("showing what is shown already changes nothing", () => {
  fc.assert(
    fc.property(hostile, raw => {
      expect(wholeText(wholeText(raw))).toBe(wholeText(raw))
    }),
  )
})

test("a fitted text takes exactly the columns asked for", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 0, max: 30 }), fc.constantFrom("left", "right"), (raw, columns, align) => {
      expect(stringWidth(fitted(wholeText(raw), columns, align))).toBe(columns)
    }),
    { numRuns: 500 },
  )
})

test("fitting pads what is short and ends what is long in an ellipsis", () => {
  expect(fitted(show("ab"), 4)).toBe("ab  ")
  expect(fitted(show("ab"), 4, "right")).toBe("  ab")
  expect(fitted(show("abcd"), 4)).toBe("abcd")
  expect(fitted(show("abcde"), 4)).toBe("abc…")
  expect(fitted(show("王小明"), 6)).toBe("王小明")
  expect(fitted(show("王小明"), 5)).toBe("王小…")
  expect(fitted(show("王小明"), 4)).toBe("王… ")
  expect(fitted(show("e\u0301e\u0301e\u0301"), 2)).toBe("e\u0301…")
  expect(fitted(show("abc"), 1)).toBe("…")
  expect(fitted(show("abc"), 0)).toBe("")
})

test("the tag joins what is safe", () => {
  expect(shown`${show("a\n")} of ${7}`).toBe("a\\n of 7")
  expect(shown`C:\new`).toBe("C:\new")
})

test("what is cut in its middle keeps both ends, and takes no more than its room", () => {
  expect(withoutMiddle(show("/v1/threads/8f2c…/runs"), 22)).toBe("/v1/threads/8f2c…/runs")
  expect(withoutMiddle(show("/v1/threads/8f2c/messages/runs"), 20)).toBe("/v1/threa…sages/runs")
  expect(withoutMiddle(show("/王小明/さん/안녕"), 9)).toBe("/王…/안녕")
  fc.assert(
    fc.property(hostile, fc.integer({ min: 0, max: 60 }), (raw, columns) => {
      const whole = wholeText(raw)
      const cut = withoutMiddle(whole, columns)
      expect(width(cut)).toBeLessThanOrEqual(columns)
      const [head = "", tail = ""] = cut.split(/…(?=[^…]*$)/)
      if (cut === whole || columns < 3) return
      expect(whole.startsWith(head)).toBe(true)
      expect(whole.endsWith(tail)).toBe(true)
    }),
  )
})
