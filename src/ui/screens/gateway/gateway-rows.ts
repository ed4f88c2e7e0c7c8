import type { LineFinding } from "../../../domain/cidr-list.ts"
import { type GatewayField, type GatewayInspection, THRESHOLD_DELAY_S } from "../../../domain/gateway.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { FieldText } from "../../keys/text-field.ts"
import { type Cells, cursorOf, isOvertaken } from "../../kit/form/cells-state.ts"
import { changedFields } from "../../kit/form/draft-state.ts"
import { type FormField, findingsIn, mistakeIn, spelled, valueIn } from "../../kit/form/form-field.ts"
import { timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { copyCells, databaseCells, linesOf, NOT_SET, VALUE_BYTES } from "./gateway-cells.ts"

/** Line of the three columns. */
export interface Row {
  readonly label: Shown
  readonly database: Piece
  readonly copy: Piece
  /** The cursor is here. */
  readonly here: boolean
  /** `+` for what is added, `-` for what is removed. */
  readonly sign: Shown
  readonly value: Piece
  /** Text that is typed in the cell. */
  readonly typed: FieldText | undefined
  /** Meaning of the proposal, or its mistake. */
  readonly notes: readonly Piece[]
}

/** Part of a row about what is proposed. */
type Proposal = Omit<Row, "label" | "database" | "copy">

/** Threshold saved here last, and when it takes effect at the latest, ms since the epoch. */
export interface SavedThreshold {
  readonly threshold: number
  readonly inForceBy: number
}

const RESTART = piece(shown`after a gateway restart`, "dim")
const FALLBACK = piece(shown`an empty list falls back to the gateway's environment`, "look")
const OFF = piece(shown`0 switches rejection off, whatever the gateway's environment says`, "look")
const SOON = piece(shown`within ${THRESHOLD_DELAY_S} s`, "dim")

/** Describes the effect of a changed field. */
const MEANINGS: Readonly<Record<GatewayField, (value: ReturnType<typeof valueIn>) => Piece[]>> = {
  ip_mode: () => [RESTART],
  trusted_cidrs: blocks => [RESTART, ...((blocks as readonly string[]).length === 0 ? [FALLBACK] : [])],
  risk_reject_threshold: text => [SOON, ...(Number(text) === 0 ? [OFF] : [])],
  rate_limit_capacity: () => [SOON],
  rate_limit_per_minute: () => [SOON],
}

interface Context {
  readonly inspection: GatewayInspection
  readonly state: Cells
  readonly saved: SavedThreshold | undefined
  readonly isChanged: boolean
}

/** Returns the rows of the settings, one for each value of a list. */
export function gatewayRows(inspection: GatewayInspection, state: Cells, saved: SavedThreshold | undefined): Row[] {
  const changed = changedFields(state)
  return state.form.fields.flatMap(field =>
    fieldRows(field, { inspection, state, saved, isChanged: changed.includes(field) }),
  )
}

function fieldRows(field: FormField, context: Context): Row[] {
  const database = databaseCells(field, context.inspection)
  const copy = copyCells(field, context.inspection)
  const proposed = field.kind === "list" ? listCells(field.value, field, context) : [valueCell(field, context)]
  return Array.from({ length: Math.max(database.length, copy.length, proposed.length) }, (_, line): Row => {
    const label = line === 0 ? show(field.label) : shown``
    return { label, database: database[line] ?? EMPTY, copy: copy[line] ?? EMPTY, ...(proposed[line] ?? NOWHERE) }
  })
}

const EMPTY = piece(shown``)
const NOWHERE: Proposal = { here: false, sign: shown``, value: EMPTY, typed: undefined, notes: [] }

function valueCell(field: FormField, context: Context): Proposal {
  const { isChanged, state } = context
  // Unreadable values have no proposal until they are touched.
  const isLeft = state.unreadable.includes(field.name) && !(field.name in state.seen)
  const given = show(String(valueIn(field)), VALUE_BYTES)
  const text = isLeft ? shown`(left as it is)` : given === "" ? NOT_SET : given
  const { here, typed } = cursorAt(field, undefined, state)
  return {
    here,
    typed,
    sign: shown``,
    value: piece(here && field.kind === "choice" ? shown`‹ ${text} ›` : text, toneOf(here, isChanged)),
    notes: isChanged
      ? meaningOf(field, context, mistakeIn(field) ?? field.error)
      : [...sourceOf(field, here, context), ...inForce(field, context)],
  }
}

const SEVERAL = /[\s,]/
const LINES = piece(shown`Enter makes a line of each`, "dim")

/** The values of a list; below them what it lacks of the database's, and where one is added. */
function listCells(values: readonly string[], field: FormField, context: Context): Proposal[] {
  const { inspection, state, isChanged } = context
  const database = linesOf(field, inspection.database)
  const [inDatabase, inProposed] = [new Set(database), new Set(values)]
  const findings = findingsIn(field)
  const lines = values.map((value, line): Proposal => {
    const isNew = !inDatabase.has(value)
    const { here, typed } = cursorAt(field, line, state)
    return {
      here,
      typed,
      sign: isNew ? shown`+` : shown``,
      value: piece(show(value, VALUE_BYTES), toneOf(here, isNew)),
      notes: SEVERAL.test(value.trim()) ? [LINES] : value === "" ? [] : notesOn(findings[line]),
    }
  })
  const removed = database
    .filter(value => !inProposed.has(value))
    .map(value => ({ ...NOWHERE, sign: shown`-`, value: piece(show(value, VALUE_BYTES), "look") }))
  const { here, typed } = cursorAt(field, undefined, state)
  const value = piece(shown`add a block`, here ? "key" : "dim")
  // What is wrong with a line stands beside it.
  const mistake = findings.some(({ mistake }) => mistake !== undefined) ? undefined : field.error
  const notes = isChanged ? meaningOf(field, context, mistake) : sourceOf(field, here, context)
  const add = { here, typed, sign: shown``, value, notes }
  return [...lines, ...removed, add]
}

function cursorAt({ name }: FormField, line: number | undefined, state: Cells): Pick<Proposal, "here" | "typed"> {
  const cursor = cursorOf(state)
  const here = cursor.name === name && cursor.line === line
  return { here, typed: here ? state.typing?.text : undefined }
}

const toneOf = (here: boolean, isChanged: boolean) => (here ? "key" : isChanged ? "look" : "plain")

const notesOn = (finding: LineFinding | undefined): Piece[] => [
  ...(finding?.mistake === undefined ? [] : [piece(show(finding.mistake), "act")]),
  ...(finding?.remarks ?? []).map(remark => piece(show(remark), "look")),
]

const OVERTAKEN = piece(shown`somebody saved another meanwhile: saving asks about it`, "look")

/** What is wrong with the field, else what its change means; and whether others changed it too. */
function meaningOf(field: FormField, { state }: Context, mistake: string | undefined): Piece[] {
  const meaning =
    mistake === undefined ? MEANINGS[field.name as GatewayField](valueIn(field)) : [piece(show(mistake), "act")]
  return [...meaning, ...(isOvertaken(state, field) ? [OVERTAKEN] : [])]
}

/** From when on the gateway goes by the threshold, where it was saved here and nobody has saved another since. */
function inForce({ name }: FormField, { inspection: { database, copies }, saved }: Context): Piece[] {
  const isTheirs = name === "risk_reject_threshold" && copies.every(({ drift }) => !drift.includes(name))
  const isSaved = isTheirs && saved?.threshold === database[name]
  return saved && isSaved ? [piece(shown`in force by ${timeOfDay(saved.inForceBy)}`, "good")] : []
}

/** What is in force where no row says it (contract, section 4): in short, and in full where the cursor is. */
function sourceOf({ name, schema }: FormField, here: boolean, { inspection: { sources, values } }: Context): Piece[] {
  const value = values[name as GatewayField]
  const text = show(Array.isArray(value) ? value.join(", ") : spelled(schema, value), VALUE_BYTES)
  switch (sources[name as GatewayField]) {
    case "row":
      return []
    case "copy":
      return [
        piece(here ? shown`the copy counts, over the gateway's environment: I removes it` : shown`copy counts`, "look"),
      ]
    case "env":
      return [
        piece(
          here ? shown`the gateway's environment applies: ${text} on this host` : shown`environment: ${text}`,
          "dim",
        ),
      ]
    case "unset":
      return [piece(here ? shown`not set here: the gateway's own environment applies` : shown`not set here`, "dim")]
  }
}
