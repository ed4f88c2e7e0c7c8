import { csvLine, csvRecord, type ExportedRecord, ndjsonLine } from "../../../domain/delimited.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"

/** Format of records in a file. */
export interface FileFormat {
  readonly label: Shown
  /** Text before the first record. */
  readonly head: (columns: readonly string[]) => string
  readonly line: (record: ExportedRecord, columns: readonly string[]) => string
}

const nothing = () => ""

const CSV: FileFormat = { label: shown`CSV, with all columns`, head: csvLine, line: csvRecord }
const NDJSON: FileFormat = { label: shown`NDJSON, a record a line`, head: nothing, line: ndjsonLine }

/** Plain text form of a record: of a code, the code. */
export interface PlainText {
  readonly label: Shown
  readonly line: (record: ExportedRecord) => string
  /** However the file is named. */
  readonly isOnly?: true
}

/** Returns the format for a file's extension; for an unknown one plain text, or NDJSON where there is none. */
export function formatOf(path: string, plain: PlainText | undefined): FileFormat {
  if (plain?.isOnly) return { ...plain, head: nothing }
  const end = /\.([^./]*)$/.exec(path.toLowerCase())?.[1]
  if (end === "csv") return CSV
  if (plain === undefined || end === "ndjson" || end === "jsonl") return NDJSON
  return { ...plain, head: nothing }
}

/** Describes the other extensions. */
export const otherFormats = (format: FileFormat): Shown =>
  format === CSV ? shown`named .ndjson it is NDJSON` : shown`named .csv it is CSV`

/** Returns a file name with noun and time: `opsdeck-users-2026-11-22T1402Z.ndjson`. */
export const fileName = (noun: string, now: number, ending = "ndjson"): string =>
  `opsdeck-${noun}-${new Date(now).toISOString().slice(0, 16).replace(":", "")}Z.${ending}`
