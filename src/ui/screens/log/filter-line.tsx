import { API_KEYS_LOGGED, textMissesApiKeys } from "../../../domain/api-key-requests.ts"
import { show, shown, width } from "../../../domain/safe-text.ts"
import { type HistoryField, typedIn } from "../../widgets/field-history.ts"
import { grouped } from "../../widgets/format.ts"
import { blank, cutPieces, Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { columnOf, fieldPieces } from "../../widgets/text-field-view.ts"
import { hanging } from "../../widgets/wrap.ts"

/** Filter while it is typed. */
export interface FilterEditing {
  readonly field: HistoryField
  readonly mistake?: { readonly message: string; readonly column: number | undefined }
  /** Its users are being looked up. */
  readonly checking?: boolean
}

/** Margin below the slash. */
const START = shown`   `
const fieldColumns = (columns: number) => columns - 4

interface FilterLineProps {
  readonly editing: FilterEditing | undefined
  readonly inForce: string
  /** Number of marked requests. */
  readonly marked: number
  readonly columns: number
}

/** Draws the current filter, or the field while it is typed. */
export function FilterLine({ editing, inForce, marked, columns }: FilterLineProps) {
  if (editing) {
    const pieces = [
      piece(shown` / `, "key"),
      ...fieldPieces(editing.field.text, fieldColumns(columns), { focused: true }),
    ]
    return <Line pieces={pieces} columns={columns} />
  }
  const count = marked === 0 ? [] : [piece(shown` ${grouped(marked)} marked `, "key")]
  const filter =
    inForce === "" ? [piece(shown` / no filter`, "dim")] : [piece(shown` / `, "key"), piece(show(inForce), "strong")]
  if (textMissesApiKeys(inForce)) filter.push(piece(shown`  ▲ ${show(API_KEYS_LOGGED)}`, "look"))
  const pieces = spread(cutPieces(filter, columns - piecesWidth(count)), count, columns)
  return <Line pieces={pieces} columns={columns} />
}

const EXAMPLE = shown`   status:5xx,429  risk>=0.8  path:/v1/threads  ip:10.0.0.0/8  user:alice  dur>500  -path:/healthz  "words"`

/** Draws the lines below the field: a mistake under its column, or an example. */
export function filterHint({ field, mistake, checking }: FilterEditing, columns: number): Piece[][] {
  if (checking) return [[piece(shown`${START}looking up the users…`, "look")]]
  if (!mistake && textMissesApiKeys(typedIn(field))) return [[piece(shown`${START}▲ ${show(API_KEYS_LOGGED)}`, "look")]]
  if (!mistake) return [[piece(EXAMPLE, "dim")]]
  const message = show(mistake.message)
  const lines = hanging(piece(START), message, columns - 1, "act")
  if (mistake.column === undefined) return lines
  const mark = shown`${START}${blank(columnOf(field.text, mistake.column, fieldColumns(columns)))}^`
  const beside = shown`${mark} ${message}`
  return width(beside) <= columns ? [[piece(beside, "act")]] : [[piece(mark, "act")], ...lines]
}
