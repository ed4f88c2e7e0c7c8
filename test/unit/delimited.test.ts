import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Decimal } from "../../src/domain/decimal.ts"
import { csvLine, csvRecord, ndjsonLine, withoutFormula } from "../../src/domain/delimited.ts"
import { plainText } from "../../src/domain/json.ts"

/** The rows of `text` as RFC 4180 reads them. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'))
    if (end === ",") continue
    rows.push(row)
    row = []
  }
  return rows
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", '"', ",", "'", "a", " ") }),
)
const cells = fc.array(text, { minLength: 1, maxLength: 5 })

describe("CSV", () => {
  test("is read back as what was written, whatever stands in the cells", () => {
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 5 }), rows => {
        const written = rows.map(row => row.map(cell => withoutFormula(plainText(cell))))
        expect(parseCsv(rows.map(csvLine).join(""))).toEqual(written)
      }),
    )
  })

  test("holds no text that a spreadsheet takes for a formula", () => {
    fc.assert(
      fc.property(cells, row => {
        for (const cell of parseCsv(csvLine(row))[0] as string[]) expect(cell).not.toMatch(/^\s*[=+\-@]|^[\t\r\n]/)
      }),
    )
    expect(csvLine(["=1+1", "+1", "-1", "@x", " =1", "\uff1d1", "1-1"])).toBe("'=1+1,'+1,'-1,'@x,' =1,'\uff1d1,1-1\r\n")
  })

  test("holds nothing that a terminal obeys, and a record stays on its line", () => {
    expect(csvLine(["\x1b]52;c;eA==\x07", "a\n=1", "\t=1", "\u202e"])).toBe(
      `${String.raw`"""\u001b]52;c;eA==\u0007""","""a\n=1""","""\t=1""","""\u202e"""`}\r\n`,
    )
  })

  test("has numbers as numbers, with all their digits, negative ones too", () => {
    expect(csvLine([-1, 0.5, -9223372036854775807n, new Decimal("-0.00706103"), true])).toBe(
      "-1,0.5,-9223372036854775807,-0.00706103,true\r\n",
    )
  })

  test("has the columns in their order; null and what is not there are empty, what has parts is JSON", () => {
    const record = { b: null, a: { reason: "=x, y", at: [1n] }, other: 1 }
    expect(csvRecord(record, ["a", "b", "c"])).toBe('"{""reason"":""=x, y"",""at"":[1]}",,\r\n')
  })
})

test("NDJSON is a record a line, with nothing in it that a terminal obeys", () => {
  expect(ndjsonLine({ a: 9223372036854775807n, b: "x\ny\u2028\u202e\x1b\x9b" })).toBe(
    '{"a":9223372036854775807,"b":"x\\ny\\u2028\\u202e\\u001b\\u009b"}\n',
  )
})
