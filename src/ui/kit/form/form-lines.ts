import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { textOf } from "../../keys/text-field.ts"
import { blank, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { hanging } from "../../widgets/wrap.ts"
import { type FormField, isIdle } from "./form-field.ts"
import { completions, type FormState } from "./form-state.ts"

/** Most columns of a label; those of check boxes are longer and stand behind the box. */
const LABEL_AT_MOST = 20

/** Draws the fields, each with its mistake below and its note behind. */
export const formLines = (form: FormState, columns: number, notes?: Notes): Piece[][] =>
  fieldLines(form, columns, notes).flat()

/** Draws the fields in at most `rows`, around the focused one; a warning replaces a note. */
export function formLinesWithin(
  form: FormState,
  columns: number,
  rows: number,
  notes?: Notes,
  warnings?: Notes,
): Piece[][] {
  const fields = fieldLines(form, columns, notes, warnings)
  const end = fields.slice(0, form.fields.findIndex(field => field.name === form.focus) + 1).flat().length
  const top = Math.max(0, end - rows)
  return fields.flat().slice(top, top + rows)
}

/** Short texts by field name. */
export type Notes = Readonly<Record<string, string>>

function fieldLines(form: FormState, columns: number, notes: Notes = {}, warnings: Notes = {}): Piece[][][] {
  const inColumn = form.fields.filter(field => !isLong(field)).map(field => width(show(field.label)))
  const labelWidth = Math.min(LABEL_AT_MOST, Math.max(0, ...inColumn)) + 2
  return form.fields.map(field => {
    const focused = field.name === form.focus
    const tone = focused ? "key" : "dim"
    const mark = piece(focused ? shown`▌ ` : shown`  `, tone)
    const label = show(field.label)
    const room = columns - labelWidth - 3
    const warning = warnings[field.name]
    const note = warning ?? notes[field.name]
    const behind = note === undefined ? [] : [piece(shown`  ${show(note)}`, warning === undefined ? "dim" : "look")]
    const line = isLong(field)
      ? [mark, ...valuePieces(field, form, columns), piece(shown` ${label}`, focused ? "plain" : "dim")]
      : [mark, piece(fit(label, labelWidth), tone), ...valuePieces(field, form, room)]
    if (field.error === undefined) return [[...line, ...behind]]
    return [line, ...mistakeLines(show(field.error), labelWidth + 2, columns)]
  })
}

/** Draws a mistake below the value, further to the left where it needs the room. */
function mistakeLines(mistake: Shown, below: number, columns: number): Piece[][] {
  const indent = Math.max(2, Math.min(below, columns - width(mistake)))
  return hanging(piece(blank(indent)), mistake, columns, "act")
}

const isLong = (field: FormField) => field.kind === "flag" && width(show(field.label)) > LABEL_AT_MOST

function valuePieces(field: FormField, form: FormState, room: number): Piece[] {
  const focused = field.name === form.focus
  if (field.kind === "flag") {
    if (isIdle(field)) return [piece(shown`[-]`, "dim")]
    return [piece(field.value ? shown`[x]` : shown`[ ]`, focused ? "key" : "plain")]
  }
  if (field.kind === "choice") {
    const value = show(field.value || "-")
    return [focused ? piece(shown`‹ ${value} ›`, "key") : piece(value)]
  }
  if (field.kind === "list") return [piece(show(field.value.join(", ") || "-"))]
  const text = fieldPieces(field.text, room, { secret: field.secret, focused })
  const [first, ...others] = focused ? completions(form) : []
  if (first) {
    const more = others.slice(0, 3).map(choice => piece(shown`  ${show(choice.value)}`, "dim"))
    return [...text, piece(shown`  ${show(first.value)}`, "key"), ...more]
  }
  const meaning = field.complete?.().find(choice => choice.value === textOf(field.text))
  return meaning ? [...text, piece(shown`   ${show(meaning.label)}`, "dim")] : text
}

/** Labels of the buttons, and whether each can be pressed. */
export type ButtonLabels = Readonly<Record<string, readonly [label: Shown, possible: boolean]>>

/** Draws the buttons at the right, the one that Enter presses in brackets, and `left` in the room that they leave. */
export function buttonPieces(form: FormState, labels: ButtonLabels, columns: number, left: Piece): Piece[] {
  const { buttons, focus } = form
  const pressed = buttons.includes(focus) ? focus : buttons[0]
  const pieces = buttons.flatMap((name): Piece[] => {
    const [label, possible] = labels[name] as readonly [Shown, boolean]
    const text = name === pressed ? shown`[ ${label} ]` : shown`  ${label}  `
    return [piece(shown` `), piece(text, name === focus ? "selected" : possible ? "key" : "dim")]
  })
  const [text, tone] = left
  return spread([piece(fit(text, columns - piecesWidth(pieces) - 1), tone)], pieces, columns)
}
