import type { z } from "zod"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import type { Deck } from "../../../services/deck.ts"
import type { Operation } from "../../../services/operation.ts"
import { piece } from "../../widgets/line.tsx"
import type { Shell } from "../shell.ts"
import { type DetailLine, type SmallTable, tableLines, textLine } from "./detail-lines.ts"

/** Operation with its input made from a subject. */
interface Reading<Subject, Value> {
  readonly input: (subject: Subject) => unknown
  /** As of its operation. */
  readonly mayLag?: boolean | undefined
  /** `previous` is what was read last with the same input: a reading that only grows goes on from there. */
  read(deck: Deck, input: unknown, signal: AbortSignal, previous?: Value): Promise<Value>
}

/** Reads `take` of an operation's answer. */
export const readingOf = <Subject, Input extends z.ZodObject, Answer, Value>(
  operation: Operation<Input, Answer>,
  input: (subject: Subject) => z.input<Input>,
  take: (answer: Answer) => Value,
): Reading<Subject, Value> => ({
  input,
  mayLag: operation.mayLag,
  read: async (deck, given, signal) => take(await deck.run(operation, given, { signal })),
})

/** Reads the answer of an operation. */
export const reading = <Subject, Input extends z.ZodObject, Answer>(
  operation: Operation<Input, Answer>,
  input: (subject: Subject) => z.input<Input>,
) => readingOf(operation, input, answer => answer)

/** Reads the rows that an operation lists. */
export const readingRows = <Subject, Input extends z.ZodObject, Row>(
  operation: Operation<Input, { readonly data: Row[] }>,
  input: (subject: Subject) => z.input<Input>,
) => readingOf(operation, input, ({ data }) => data)

/** Origin of a value: a reading, or a part of the subject. */
export type Source<Subject, Value> = Reading<Subject, Value> | ((subject: Subject) => Value)

/** Part of a screen under its own heading, read separately. */
export interface Section<Subject> {
  readonly heading: Shown
  readonly source: Source<Subject, unknown>
  /** Whether the subject has this part; where it is left out, every subject has. */
  readonly isThere?: (subject: Subject) => boolean
  /** Whether nothing of it is drawn while it is read, or where it has no lines. */
  readonly isQuiet?: true
  /** Interval of reading it again, in ms, where that is to be sooner than what else is in sight. */
  readonly every?: (value: unknown, subject: Subject) => number | undefined
  readonly lines: (value: unknown, subject: Subject, columns: number) => readonly DetailLine[]
}

interface TableSection<Subject, Row> extends SmallTable<Row> {
  readonly heading: Shown
  readonly source: Source<Subject, readonly Row[]>
  /** Text instead of rows. */
  readonly empty: Shown
  /** Last row, which leads to the whole list. */
  readonly all?: { readonly label: Shown; readonly open: (subject: Subject, shell: Shell) => void }
}

/** Makes a section that is a small table. */
export function tableSection<Subject, Row>(table: TableSection<Subject, Row>): Section<Subject> {
  const { heading, source, empty, all } = table
  return {
    heading,
    source,
    lines: (value, subject, columns) => {
      const rows = value as readonly Row[]
      if (rows.length === 0) return [textLine(piece(empty, "dim"))]
      const last: DetailLine[] = all
        ? [{ ...textLine(piece(all.label, "key")), key: "all", open: shell => all.open(subject, shell) }]
        : []
      return [...tableLines(table, rows, columns), ...last]
    },
  }
}

/** Makes a section of lines; `empty` stands there where there are none. */
export function textSection<Subject, Value>(text: {
  readonly heading: Shown
  readonly source: Source<Subject, Value>
  readonly lines: (value: Value, columns: number) => readonly DetailLine[]
  readonly empty?: Shown
}): Section<Subject> {
  const { heading, source, empty = shown`none` } = text
  return {
    heading,
    source,
    lines: (value, _, columns) => {
      const lines = text.lines(value as Value, columns)
      return lines.length > 0 ? lines : [textLine(piece(empty, "dim"))]
    },
  }
}
