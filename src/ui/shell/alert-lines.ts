import { METRICS } from "../../domain/alerts/alert-rule.ts"
import { LEAST_REQUESTS, MEASURED_S } from "../../domain/alerts/measure.ts"
import { alertFigure, isOn } from "../../domain/alerts/rule-watch.ts"
import type { DeckError } from "../../domain/errors.ts"
import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { FieldText } from "../keys/text-field.ts"
import type { ListedRule } from "../runtime/alert-rules.ts"
import { age, timeOfDay } from "../widgets/format.ts"
import { blank, cutPieces, type Piece, piece, piecesWidth, spread } from "../widgets/line.tsx"
import { topAround } from "../widgets/list.ts"
import { MARK } from "../widgets/table.tsx"
import { columnOf, fieldPieces } from "../widgets/text-field-view.ts"
import { wrap } from "../widgets/wrap.ts"

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
export function alertLines(
  { rules, names, at, typed, mistake, now }: AlertList,
  columns: number,
  rows: number,
): Piece[][] {
  const hasProfile = rules.some(({ isConfigured }) => isConfigured)
  const below = typed === undefined ? [] : typingLines(typed, mistake, columns)
  const room = Math.max(1, rows - below.length)
  const top = topAround(at, rules.length, room)
  const ruleColumns = Math.max(0, ...rules.map(({ rule }) => width(show(rule))))
  const listed = rules
    .slice(top, top + room)
    .map((rule, index) =>
      ruleLine(
        rule,
        { isChosen: top + index === at && typed === undefined, ruleColumns, names, hasProfile, now },
        columns,
      ),
    )
  return [...listed, ...(listed.length > 0 && below.length > 0 ? [[]] : []), ...below]
}

interface Around {
  readonly isChosen: boolean
  /** Columns of the longest rule. */
  readonly ruleColumns: number
  readonly names: ReadonlyMap<string, string>
  /** Some rules are those of the profile, which is marked. */
  readonly hasProfile: boolean
  readonly now: number
}

function ruleLine(listed: ListedRule, around: Around, columns: number): Piece[] {
  const { isChosen, ruleColumns, names, hasProfile, now } = around
  const { rule, isConfigured, state } = listed
  const whose = isConfigured ? shown`  profile` : shown`  typed  `
  const right = [stateOf(listed, now), ...(hasProfile ? [piece(whose, "dim")] : [])]
  const left = [
    piece(isChosen ? shown`${MARK} ` : shown`  `, "key"),
    piece(fit(show(rule), ruleColumns), isOn(state) ? "act" : isChosen ? "strong" : "plain"),
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
  if (mistake) return [field, ...mistakeLines(typed, mistake, room)]
  const examples = [
    ...Object.values(METRICS).map(({ example }) => example),
    "rate(ip) > 50/s bell",
    "error%(route) > 20",
  ]
  const about = [ABOUT, show(`such as ${examples.join(", ")}`)]
  return [field, ...about.flatMap(text => indented(text, room, "dim"))]
}

function mistakeLines(typed: FieldText, { message, column }: DeckError, room: number): Piece[][] {
  const told = indented(show(message), room, "act")
  if (column === undefined) return told
  return [[piece(shown`  ${blank(columnOf(typed, column, room))}^`, "act")], ...told]
}

const indented = (text: Shown, room: number, tone: "dim" | "act"): Piece[][] =>
  wrap(text, room).map(line => [piece(shown`  ${line}`, tone)])
