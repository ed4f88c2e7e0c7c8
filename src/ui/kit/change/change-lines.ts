import { fit, type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Preview } from "../../../services/operation.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { hanging, wrap } from "../../widgets/wrap.ts"
import type { DialogLines } from "../dialog/dialog-lines.ts"
import { failureLines } from "../failure-lines.ts"
import { type ButtonLabels, buttonPieces, formLines } from "../form/form-lines.ts"
import type { Size } from "../screen.ts"
import { CANCEL, type ChangeState, DO, impossible, type PreviewConditions } from "./change-state.ts"
import type { PreviewState } from "./preview-state.ts"

/** Columns of a change dialog. */
export const CHANGE_COLUMNS = 88

/** Draws a preview, or why there is none; `tell` draws what is seen. */
export function previewStateLines<Seen>(
  previewState: PreviewState<Seen>,
  tell: (seen: Seen) => Piece[][],
  columns: number,
): Piece[][] {
  switch (previewState.state) {
    case "reading":
      return [[piece(shown`reading the preview…`, "dim")]]
    case "unreachable":
      return failureLines(previewState.error, columns)
    case "refused":
      return failureLines(previewState.error, columns, shown`Refused. Esc closes this.`)
    case "known":
      return tell(previewState.seen)
    case "outdated": {
      const lines = tell(previewState.seen).map(line => line.map(([text]) => piece(text, "dim")))
      const trouble = previewState.error && failureLines(previewState.error, columns)
      return [...(trouble ?? [[piece(shown`reading the preview again…`, "look")]]), ...lines]
    }
  }
}

/** Least rows of a dialog for its subject in full and its headings. */
const FEW_ROWS = 14
export const hasFewRows = ({ rows }: Size): boolean => rows < FEW_ROWS

/** Most rows of a subject, so that the effects stay visible. */
const SUBJECT_ROWS = 4
const EFFECT_BYTES = 768

function abridged(lines: readonly Shown[], columns: number): readonly Shown[] {
  if (lines.length <= SUBJECT_ROWS) return lines
  const last = shown`${lines[SUBJECT_ROWS - 1] as Shown}${lines[SUBJECT_ROWS] as Shown}`
  return [...lines.slice(0, SUBJECT_ROWS - 1), fit(last, columns)]
}

/** Draws subject and effects of a change in the room within the dialog. */
export function previewLines({ subject, effects }: Preview, inner: Size): Piece[][] {
  const { columns } = inner
  const few = hasFewRows(inner)
  const whole = (text: Shown) => (few ? [fit(text, columns)] : abridged(wrap(text, columns), columns))
  const lines = effects.flatMap(effect => hanging(piece(shown`  · `, "dim"), show(effect, EFFECT_BYTES), columns))
  return [
    ...subject.flatMap(line => whole(show(line)).map(text => [piece(text)])),
    ...(few ? [] : [[], [piece(shown`What happens`, "strong")]]),
    ...lines,
  ]
}

/** Returns the verb that a title begins with. */
export const firstWord = (title: string): string => title.split(" ")[0] as string

/** Returns the text of the button that changes nothing: beside one that cancels or closes something it must be another word. */
export const wayOut = (verb: string, refused: boolean): Shown =>
  refused ? shown`Close` : isLikeLeaving(verb) ? shown`Back` : shown`Cancel`

/** Whether the verb of a change might be taken for leaving the dialog. */
export const isLikeLeaving = (verb: string): boolean => /^(cancel|close)\b/i.test(verb)

/** Content of a change dialog. */
export interface ChangeView {
  readonly state: ChangeState
  readonly previewState: PreviewState<PreviewConditions>
  /** Lines above the form. */
  readonly read: Piece[][]
  /** Text of the button. */
  readonly verb: string
  /** Notes behind the options. */
  readonly notes: Preview["notes"] | undefined
  /** Text while it runs. */
  readonly progress?: Shown
  readonly columns: number
}

/** Draws the lines of a change dialog: those to read, then fields and buttons. */
export function changeLines(view: ChangeView): DialogLines {
  const { state, previewState, read, verb, notes, progress = shown`in progress…`, columns } = view
  const refused = previewState.state === "refused"
  const why = impossible(state, previewState)
  // The mistake of a field stands below it already.
  const isSaid = refused || state.form.fields.some(field => field.error !== undefined)
  const note = state.running ? piece(progress, "key") : piece(why && !isSaid ? why : shown``, "dim")
  const labels: ButtonLabels = { [CANCEL]: [wayOut(verb, refused), true], [DO]: [show(verb), !why] }
  const form = refused ? { ...state.form, fields: [], buttons: [CANCEL], focus: CANCEL } : state.form
  const failure = state.failure ? failureLines(state.failure, columns, remedy(state.failure.code)) : []
  return { read, below: [...formLines(form, columns, notes), ...failure, buttonPieces(form, labels, columns, note)] }
}

const remedy = (code: string): Shown =>
  code === "unavailable" ? shown`Try again once the preview is read.` : shown`What you filled in is kept.`
