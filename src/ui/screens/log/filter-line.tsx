import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { Line, piece } from "../../widgets/line.tsx"
import { type FieldText, textOf } from "../../widgets/text-field.ts"
import { fieldPieces } from "../../widgets/text-field-view.ts"

/** The filter as it is being typed, or in force. */
export interface FilterEditing {
  readonly text: FieldText
  readonly mistake: { readonly message: string; readonly column: number | undefined } | undefined
}

/** The filter line: what is in force, or the field while it is typed. */
export function FilterLine({
  editing,
  inForce,
  columns,
}: {
  editing: FilterEditing | undefined
  inForce: string
  columns: number
}) {
  if (editing) {
    const pieces = [piece(shown` / `, "key"), ...fieldPieces(editing.text, columns - 4, { focused: true })]
    return <Line pieces={pieces} columns={columns} />
  }
  if (inForce === "") return <Line pieces={[piece(shown` / no filter`, "dim")]} columns={columns} />
  return <Line pieces={[piece(shown` / `, "key"), piece(show(inForce), "strong")]} columns={columns} />
}

/** Under the field, while it is typed: the mistake under its column, or how a filter reads. */
export function FilterHint({ editing, columns }: { editing: FilterEditing; columns: number }) {
  const { mistake } = editing
  if (!mistake) {
    const example = shown`   status:5xx,429  risk>=0.8  path:/v1/threads  ip:10.0.0.0/8  user:alice  dur>500  -path:/healthz  "words"`
    return <Line pieces={[piece(example, "dim")]} columns={columns} />
  }
  const before = textOf(editing.text).slice(0, mistake.column ?? 0)
  const message = show(mistake.message)
  const indent = Math.max(0, Math.min(3 + width(show(before)), columns - width(message) - 3))
  const pad = " ".repeat(indent) as Shown
  return <Line pieces={[piece(shown`${pad}^ ${message}`, "act")]} columns={columns} />
}
