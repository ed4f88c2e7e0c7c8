import { type ExportedRecord, ndjsonLine } from "../../../domain/delimited.ts"
import { plainText } from "../../../domain/json.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Choice of the copy dialog. */
export interface CopyChoice {
  readonly label: Piece
  /** Visible part of a field's value. */
  readonly value?: () => Shown
  /** Name in the report: `3 users`. */
  readonly what: Shown
  readonly text: () => string
}

/** Noun in singular and plural: `user`, `users`. */
export type Noun = readonly [one: string, many: string]

export const counted = (count: number, [one, many]: Noun): Shown =>
  shown`${grouped(count)} ${show(count === 1 ? one : many)}`

/** Copies the marked records as NDJSON. */
export const markedChoices = (records: () => readonly ExportedRecord[], count: number, noun: Noun): CopyChoice[] =>
  count === 0
    ? []
    : [
        {
          label: piece(shown`the ${grouped(count)} marked, as NDJSON`),
          what: counted(count, noun),
          text: () => records().map(ndjsonLine).join(""),
        },
      ]

/** Copies one value. */
export const fieldChoice = (name: Shown, value: unknown): CopyChoice => ({
  label: piece(name, "dim"),
  value: () => show(plainText(value), 512),
  what: name,
  text: () => plainText(value),
})

/** Copies a record as one line of JSON, or single fields of it, those that are not empty. */
export const recordChoices = (record: ExportedRecord, name: Shown): CopyChoice[] => [
  { label: piece(shown`${name}, as JSON`), what: name, text: () => ndjsonLine(record) },
  ...Object.entries(record)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => fieldChoice(show(name, 64), value)),
]
