import { Decimal } from "./decimal.ts"
import { plainText, toJson } from "./json.ts"

/** A record of the contract, its fields raw. */
export type TakenRecord = Readonly<Record<string, unknown>>

/** `record` as a line of NDJSON: the JSON that `--json` prints. */
export const ndjsonLine = (record: TakenRecord): string => `${toJson(record)}\n`

/** A line of CSV (RFC 4180), ended by CR LF: its cells are quoted where they need it. */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(cell).join(",")}\r\n`

/** The cells of `record` under `columns`: what it does not have is empty. */
export const csvRecord = (record: TakenRecord, columns: readonly string[]): string =>
  csvLine(columns.map(column => record[column]))

/**
 * What spreadsheets take for a formula when a cell begins with it, blanks before it or not, and what those of East Asia
 * take for the same (OWASP, CSV injection). Tabs and line ends are spelt out by then.
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/

/** Text that no spreadsheet computes: what begins like a formula is led by an apostrophe. */
export const defused = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)

function cell(value: unknown): string {
  const text = plain(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Numbers and yes or no are themselves, null is empty, and what a terminal could obey or has parts is JSON. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string" || (typeof value === "object" && !(value instanceof Decimal))) {
    return defused(plainText(value))
  }
  return String(value)
}
