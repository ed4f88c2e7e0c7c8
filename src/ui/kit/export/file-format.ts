import { csvLine, csvRecord, type ExportedRecord, ndjsonLine } from "../../../domain/delimited.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"

/** How records stand in a file. */
export interface FileFormat {
  readonly label: Shown
  /** What comes before the first. */
  readonly head: (columns: readonly string[]) => string
  readonly line: (record: ExportedRecord, columns: readonly string[]) => string
}

const nothing = () => ""

const CSV: FileFormat = { label: shown`CSV, with all columns`, head: csvLine, line: csvRecord }
const NDJSON: FileFormat = { label: shown`NDJSON, a record a line`, head: nothing, line: ndjsonLine }

/** What a record is in plain text, where that means something: of a code, the code. */
export interface PlainText {
  readonly label: Shown
  readonly line: (record: ExportedRecord) => string
}

/** The format that the end of a file's name asks for; for any other end plain text, or NDJSON where there is none. */
export function formatOf(path: string, plain: PlainText | undefined): FileFormat {
  const end = /\.([^./]*)$/.exec(path.toLowerCase())?.[1]
  if (end === "csv") return CSV
  if (plain === undefined || end === "ndjson" || end === "jsonl") return NDJSON
  return { ...plain, head: nothing }
}

/** The other endings, and what they stand for. */
export const otherFormats = (format: FileFormat): Shown =>
  format === CSV ? shown`named .ndjson it is NDJSON` : shown`named .csv it is CSV`

/** A name that says what is in the file and when it was made: `opsdeck-users-2026-11-22T1402Z.ndjson`. */
export const fileName = (noun: string, now: number): string =>
  `opsdeck-${noun}-${new Date(now).toISOString().slice(0, 16).replace(":", "")}Z.ndjson`
