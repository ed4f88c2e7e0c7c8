import { API_KEYS_LOGGED, textMissesApiKeys } from "../../../domain/api-key-requests.ts"
import { show, shown, width } from "../../../domain/safe-text.ts"
import { type CompletionAtCursor, optionPieces } from "../../kit/filter-completion.ts"
import { FILTER_MARGIN, type FilterMistake, filterColumns, mistakeLines } from "../../kit/filter-hint.ts"
import { type HistoryField, typedIn } from "../../widgets/field-history.ts"
import { grouped } from "../../widgets/format.ts"
import { cutPieces, Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { PRESETS } from "./presets.ts"
import type { FindModel } from "./use-find.ts"

/** Filter while it is typed. */
export interface FilterEditing {
  readonly field: HistoryField
  readonly mistake?: FilterMistake
  /** Preset that was added last, and what was typed before it. */
  readonly preset?: { readonly at: number; readonly typed: string }
  /** Its users are being looked up. */
  readonly checking?: boolean
}

const FIND = shown` find `
const FIND_BYTES = 40

interface FilterLineProps {
  readonly editing: FilterEditing | undefined
  readonly inForce: string
  /** Text that is searched for, or typed. */
  readonly find: FindModel
  /** Rows in sight that have it. */
  readonly found: number
  /** Number of marked requests. */
  readonly marked: number
  readonly columns: number
}

/** Draws the current filter and the text that is searched for, or the field of either while it is typed. */
export function FilterLine({ editing, inForce, find, found: hits, marked, columns }: FilterLineProps) {
  const { typing } = find.line
  if (typing) {
    const pieces = [piece(FIND, "key"), ...fieldPieces(typing.text, columns - width(FIND) - 1, { focused: true })]
    return <Line pieces={pieces} columns={columns} />
  }
  if (editing) {
    const pieces = [
      piece(shown` / `, "key"),
      ...fieldPieces(editing.field.text, filterColumns(columns), { focused: true }),
    ]
    return <Line pieces={pieces} columns={columns} />
  }
  const count = marked === 0 ? [] : [piece(shown` ${grouped(marked)} marked `, "key")]
  const { search } = find
  const found =
    search === null
      ? []
      : [
          piece(FIND, "key"),
          piece(show(search.text, FIND_BYTES), "strong"),
          piece(hits === 0 ? shown`  none in sight ` : shown`  ${grouped(hits)} in sight `, "dim"),
        ]
  const right = [...found, ...count]
  const filter =
    inForce === "" ? [piece(shown` / no filter`, "dim")] : [piece(shown` / `, "key"), piece(show(inForce), "strong")]
  if (textMissesApiKeys(inForce)) filter.push(piece(shown`  ▲ ${show(API_KEYS_LOGGED)}`, "look"))
  const pieces = spread(cutPieces(filter, columns - piecesWidth(right) - 1), right, columns)
  return <Line pieces={pieces} columns={columns} />
}

const EXAMPLE = shown`   status:5xx,429  risk>=0.8  path:/v1/threads  ip:10.0.0.0/8  user:alice  dur>500  -path:/healthz  "words"`

/** Draws the presets, with the key that adds one after the other. */
const presetPieces = (at: number | undefined): Piece[] => [
  piece(shown`${FILTER_MARGIN}Tab`, "key"),
  ...PRESETS.flatMap(([means, filter], index) => [
    piece(shown`  ${means} `, "dim"),
    piece(show(filter), index === at ? "strong" : "dim"),
  ]),
]

/** Draws the lines below the field: a mistake under its column, what may stand at the cursor, or an example and the presets. */
export function filterHint(
  { field, mistake, preset, checking }: FilterEditing,
  completion: CompletionAtCursor | undefined,
  columns: number,
): Piece[][] {
  if (checking) return [[piece(shown`${FILTER_MARGIN}looking up the users…`, "look")]]
  if (!mistake && textMissesApiKeys(typedIn(field)))
    return [[piece(shown`${FILTER_MARGIN}▲ ${show(API_KEYS_LOGGED)}`, "look")]]
  if (!mistake && completion) return [optionPieces(completion.options), [piece(EXAMPLE, "dim")]]
  if (!mistake) return [[piece(EXAMPLE, "dim")], presetPieces(preset?.at)]
  return mistakeLines(field.text, mistake, columns)
}
