import { METRICS } from "../../domain/alerts/alert-rule.ts"
import { LEAST_REQUESTS, MEASURED_S } from "../../domain/alerts/measure.ts"
import { alertFigure, isOn } from "../../domain/alerts/rule-watch.ts"
import type { DeckError } from "../../domain/errors.ts"
import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { FieldText } from "../keys/text-field.ts"
import type { ListedRule } from "../runtime/alert-rules.ts"
import { age, timeOfDay } from "../widgets/format.ts"
import { blank, cutPieces, type Piece, piece, piecesWidth, spread } from "../widgets/line.tsx"
import { inSight } from "../widgets/list.ts"
import { MARK } from "../widgets/table.tsx"
import { columnOf, fieldPieces } from "../widgets/text-field-view.ts"
import type { Tone } from "../widgets/theme.ts"
import { hanging } from "../widgets/wrap.ts"

/** Content of the list of alert rules. */
export interface AlertList {
  readonly rules: readonly ListedRule[]
  /** Names of users by id. */
  readonly names: ReadonlyMap<string, string>
  /** Index of the selected rule. */
  readonly at: number
  /** Rule that is being typed. */
  readonly typed: FieldText | undefined
  readonly mistake: DeckError | undefined
  readonly now: number
}

/** Text before the field. */
const HEAD = shown`+ `
const ABOUT = shown`Measured over the last ${MEASURED_S} s of all requests, whatever the filter; shares and p95 of ${LEAST_REQUESTS} requests at least.`

/** Draws the rules and, below them, the one that is typed. */
export function alertLines(list: AlertList, columns: number, rows: number): Piece[][] {
  const { rules, at, typed, mistake } = list
  const below = typed === undefined ? [] : typingLines(typed, mistake, columns)
  const room = Math.max(1, rows - below.length)
  const listed = inSight(rules, at, room).map(([rule, isAt]) =>
    ruleLine(rule, isAt && typed === undefined, list, columns),
  )
  return [...listed, ...(listed.length > 0 && below.length > 0 ? [[]] : []), ...below]
}

function ruleLine(listed: ListedRule, isSelected: boolean, { rules, names, now }: AlertList, columns: number): Piece[] {
  const { rule, isConfigured, state } = listed
  const longest = Math.max(...rules.map(({ rule }) => width(show(rule))))
  const origin = rules.some(({ isConfigured }) => isConfigured)
    ? [piece(isConfigured ? shown`  profile` : shown`  typed  `, "dim")]
    : []
  const right = [stateOf(listed, now), ...origin]
  const left = [
    piece(isSelected ? shown`${MARK} ` : shown`  `, "key"),
    piece(fit(show(rule), longest), isOn(state) ? "act" : isSelected ? "strong" : "plain"),
    piece(shown`  ${state === undefined ? shown`` : show(alertFigure(state, names))}`, isOn(state) ? "strong" : "dim"),
  ]
  return spread(cutPieces(left, columns - piecesWidth(right) - 1), right, columns)
}

function stateOf({ isSilent, state }: ListedRule, now: number): Piece {
  if (isSilent) return piece(shown`silenced`, "look")
  if (state === undefined) return piece(shown`…`, "dim")
  if (!isOn(state)) return piece(shown`quiet`, "good")
  return piece(shown`▲ since ${timeOfDay(state.since)}, ${age(now - state.since)}`, "act")
}

function typingLines(typed: FieldText, mistake: DeckError | undefined, columns: number): Piece[][] {
  const room = columns - width(HEAD)
  const field = [piece(HEAD, "key"), ...fieldPieces(typed, room, { focused: true })]
  const indented = (text: Shown, tone: Tone) => hanging(piece(blank(width(HEAD))), text, columns, tone)
  if (mistake) {
    const { message, column } = mistake
    const mark = column === undefined ? [] : [[piece(shown`  ${blank(columnOf(typed, column, room))}^`, "act")]]
    return [field, ...mark, ...indented(show(message), "act")]
  }
  const examples = Object.values(METRICS).map(({ example }) => example)
  const such = show(`such as ${[...examples, "rate(ip) > 50/s bell", "error%(route) > 20"].join(", ")}`)
  return [field, ...indented(ABOUT, "dim"), ...indented(such, "dim")]
}
