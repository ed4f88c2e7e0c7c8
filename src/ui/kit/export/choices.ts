import { type ExportedRecord, ndjsonLine } from "../../../domain/delimited.ts"
import { plainText } from "../../../domain/json.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Something that can be copied. */
export interface CopyChoice {
  /** Copies it at once. */
  readonly key?: "y" | "m" | "f"
  readonly label: Piece
  /** Of a field, as much of it as is to be seen. */
  readonly value?: () => Shown
  /** What went, afterwards: `3 users`. */
  readonly what: Shown
  readonly text: () => string
}

/** What a thing is called, one and many: `user`, `users`. */
export type Noun = readonly [one: string, many: string]

export const counted = (count: number, [one, many]: Noun): Shown =>
  shown`${grouped(count)} ${show(count === 1 ? one : many)}`

/** A record whole, as JSON on a line. */
export const recordChoice = (record: ExportedRecord, name: Shown): CopyChoice => ({
  key: "y",
  label: piece(shown`${name}, as JSON`),
  what: name,
  text: () => ndjsonLine(record),
})

/** The marked records, as NDJSON; nothing where none is. */
export const markedChoices = (records: () => readonly ExportedRecord[], count: number, noun: Noun): CopyChoice[] =>
  count === 0
    ? []
    : [
        {
          key: "m",
          label: piece(shown`the ${grouped(count)} marked, as NDJSON`),
          what: counted(count, noun),
          text: () => records().map(ndjsonLine).join(""),
        },
      ]

/** One value under its name. */
export const fieldChoice = (name: Shown, value: unknown): CopyChoice => ({
  label: piece(name, "dim"),
  value: () => show(plainText(value), 512),
  what: name,
  text: () => plainText(value),
})

/** The fields of a record that hold something. */
export const fieldChoices = (record: ExportedRecord): CopyChoice[] =>
  Object.entries(record)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => fieldChoice(show(name, 64), value))
