import { Decimal } from "./decimal.ts"
import { plainText, toJson } from "./json.ts"

/** A record of the contract, its fields raw. */
export type ExportedRecord = Readonly<Record<string, unknown>>

/** Formats `record` as a line of NDJSON: the JSON that `--json` prints. */
export const ndjsonLine = (record: ExportedRecord): string => `${toJson(record)}\n`

/** Formats a line of CSV (RFC 4180), ended by CR LF: cells are quoted where needed. */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(cell).join(",")}\r\n`

/** Formats the cells of `record` under `columns`; missing ones are empty. */
export const csvRecord = (record: ExportedRecord, columns: readonly string[]): string =>
  csvLine(columns.map(column => record[column]))

/** Beginnings that spreadsheets take for a formula, full-width ones of East Asia included (OWASP, CSV injection). */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/

/** Protects text from being computed by a spreadsheet: an apostrophe precedes what begins like a formula. */
export const withoutFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)

function cell(value: unknown): string {
  const text = plain(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Numbers and booleans as they are, null empty; composite values, and text a terminal could interpret, as JSON. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string" || (typeof value === "object" && !(value instanceof Decimal))) {
    return withoutFormula(plainText(value))
  }
  return String(value)
}
