import type { z } from "zod"
import type { Change } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import type { Opened } from "../detail/declaration.ts"
import type { Shell } from "../shell.ts"
import { changeDialog } from "./change-dialog.tsx"

/** Change of a record, declared once for the key on its own screen and for the marked rows of its list. */
export interface RecordChange<Row> {
  readonly key: Chord
  readonly label: string
  /** Label before the rows that are changed together, where the label alone would not do: `end access of`. */
  readonly together?: string
  /** Text of the button; default: the first word of the title. */
  readonly verb?: string
  /** Sentence in the help of the record's screen. */
  readonly help: string
  readonly change: Change<z.ZodObject, unknown>
  readonly input: (row: Row) => Readonly<Record<string, unknown>>
  /** Boolean fields of the input that are offered as check boxes. */
  readonly options?: readonly string[]
  /** Values that the operator saw; another value by now is a conflict. */
  readonly seen?: (row: Row) => Readonly<Record<string, unknown>>
  /** True, or the reason why this record cannot be changed so. */
  readonly possible?: (row: Row) => boolean | string
  /** Listed in the help, not in the footer. */
  readonly isRare?: boolean
}

/** Opens the dialog of a change of one record. */
export function openChange<Row>(
  {
    change,
    input,
    options = [],
    seen,
    verb,
  }: Pick<RecordChange<Row>, "change" | "input" | "options" | "seen" | "verb">,
  row: Row,
  { push }: Pick<Shell, "push">,
): void {
  push(changeDialog, { change, input: input(row), options, seen: seen?.(row) ?? {}, ...(verb && { verb }) })
}

/** Returns the key that makes the change on the record's own screen. */
export const changeBinding = <Row>(declared: RecordChange<Row>): Binding<Opened<Row>> => ({
  keys: [declared.key],
  label: declared.label,
  changes: true,
  footer: !declared.isRare,
  help: declared.help,
  possible: ({ subject }) => declared.possible?.(subject) ?? true,
  run: ({ subject, shell }) => openChange(declared, subject, shell),
})
