import { examineBlocks } from "../../../domain/cidr-list.ts"
import {
  formatThreshold,
  type GatewayField,
  type GatewayInspection,
  gatewayUpdate,
  THRESHOLD_DELAY_S,
} from "../../../domain/gateway.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import type { FieldText } from "../../keys/text-field.ts"
import { timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import {
  changedFields,
  cursorOf,
  type GatewayState,
  type Loaded,
  overtakenFields,
  proposalOf,
  type Stop,
  thresholdMistake,
} from "./gateway-state.ts"

/** One line of the three columns. */
export interface Row {
  readonly label: Shown
  readonly database: Piece
  readonly copy: Piece
  readonly proposed: ProposedCell
  /** What the proposal means, and what is wrong with it. */
  readonly notes: readonly Piece[]
}

interface ProposedCell {
  /** Where the cursor is when it is here; undefined where it never is. */
  readonly stop: Stop | undefined
  readonly here: boolean
  /** `+` for what is added, `-` for what is removed. */
  readonly sign: Shown
  readonly value: Piece
  /** What is typed into it now. */
  readonly typed: FieldText | undefined
}

const EMPTY = piece(shown``)
const RESTART = piece(shown`after a gateway restart`, "dim")
const OVERTAKEN = piece(shown`somebody saved another meanwhile: saving asks about it`, "look")
const SEVERAL = /[\s,]/
const LINES = piece(shown`Enter makes a line of each`, "dim")
/** More than any cell has room for. */
const VALUE_BYTES = 256

/** The settings from top to bottom, the list of blocks with a line for each. */
export function gatewayRows(inspection: GatewayInspection, state: GatewayState, loaded: Loaded): Row[] {
  const context: Context = {
    inspection,
    state,
    loaded,
    cursor: cursorOf(state, loaded),
    changed: changedFields(state, loaded),
    overtaken: overtakenFields(state, loaded),
  }
  return [modeRow(context), ...blockRows(context), thresholdRow(context)]
}

interface Context {
  readonly inspection: GatewayInspection
  readonly state: GatewayState
  readonly loaded: Loaded
  readonly cursor: Stop
  readonly changed: readonly GatewayField[]
  readonly overtaken: readonly GatewayField[]
}

const label = (field: GatewayField): Shown => show(labelOf(gatewayUpdate, field))

function modeRow(context: Context): Row {
  const { state, loaded, cursor, changed } = context
  const mode = asProposed(context, "ip_mode", show(proposalOf(state, loaded).ip_mode))
  const here = cursor === "ip_mode"
  return {
    label: label("ip_mode"),
    ...held(context, "ip_mode", ({ ip_mode }) => show(ip_mode)),
    proposed: cell(context, "ip_mode", here ? shown`‹ ${mode} ›` : mode, changed.includes("ip_mode")),
    notes: changed.includes("ip_mode") ? [RESTART, ...overtaken(context, "ip_mode")] : [],
  }
}

function thresholdRow(context: Context): Row {
  const { state, loaded, changed } = context
  const field = "risk_reject_threshold"
  const text = proposalOf(state, loaded)[field]
  const mistake = thresholdMistake(text)
  const meaning =
    mistake === undefined ? piece(shown`within ${THRESHOLD_DELAY_S} s`, "dim") : piece(show(mistake), "act")
  const off = piece(shown`0 switches rejection off, unless the gateway's environment sets a threshold`, "look")
  const notes = [meaning, ...(mistake === undefined && Number(text) === 0 ? [off] : []), ...overtaken(context, field)]
  return {
    label: label(field),
    ...held(context, field, config => show(formatThreshold(config[field]))),
    proposed: cell(context, field, asProposed(context, field, show(text, VALUE_BYTES)), changed.includes(field)),
    notes: changed.includes(field) ? notes : inForce(context),
  }
}

/** From when on the gateway goes by the threshold, where it was saved here and nobody has saved another since. */
function inForce({ inspection: { database, drift }, state: { saved } }: Context): Piece[] {
  if (saved?.threshold !== database.risk_reject_threshold || drift.includes("risk_reject_threshold")) return []
  return [piece(shown`in force by ${timeOfDay(saved.inForceBy)}`, "good")]
}

/** The lists side by side; below the proposed one what it lacks of the database's, and where a block is added. */
function blockRows(context: Context): Row[] {
  const { inspection, state, loaded, changed } = context
  const field = "trusted_cidrs"
  const database = inspection.database[field]
  const { [field]: proposed } = proposalOf(state, loaded)
  const findings = examineBlocks(proposed)
  const isChanged = changed.includes(field)
  const [inDatabase, inProposed] = [new Set(database), new Set(proposed)]

  const lines = proposed.map((block, line) => {
    const isNew = !inDatabase.has(block)
    return {
      ...cell(context, line, show(block, VALUE_BYTES), isNew),
      sign: isNew ? shown`+` : shown``,
      notes: SEVERAL.test(block.trim()) ? [LINES] : block === "" ? [] : notesOn(findings[line]),
    }
  })
  const add = {
    ...cell(context, "add", shown`add a block`, false, "dim"),
    notes: isChanged ? listNotes(context, proposed) : [],
  }
  const removed = database
    .filter(block => !inProposed.has(block))
    .map(block => ({ ...NOWHERE, sign: shown`-`, value: piece(show(block, VALUE_BYTES), "look"), notes: [] }))
  const cells = [...lines, ...removed, add]

  const [first, ...others] = listOfDatabase(context)
  const copies = listOfCopy(context)
  const height = Math.max(cells.length, others.length + 1, copies.length)
  return Array.from({ length: height }, (_, line): Row => {
    const { notes, ...proposedCell } = cells[line] ?? { ...NOWHERE, notes: [] }
    return {
      label: line === 0 ? label(field) : shown``,
      database: (line === 0 ? first : others[line - 1]) ?? EMPTY,
      copy: copies[line] ?? EMPTY,
      proposed: proposedCell,
      notes,
    }
  })
}

/** Nothing is proposed for what cannot be read before somebody touches it. */
const asProposed = ({ loaded, state }: Context, field: GatewayField, value: Shown): Shown =>
  loaded.garbled.includes(field) && !(field in state.draft) ? shown`(left as it is)` : value

const NOWHERE: ProposedCell = { stop: undefined, here: false, sign: shown``, value: EMPTY, typed: undefined }

function cell(
  { state, cursor }: Context,
  stop: Stop,
  text: Shown,
  isChanged: boolean,
  tone: Piece[1] = "plain",
): ProposedCell {
  const here = cursor === stop
  const value = piece(text, here ? "key" : isChanged ? "look" : tone)
  return { stop, here, sign: shown``, value, typed: here ? state.typing?.text : undefined }
}

const notesOn = (finding: ReturnType<typeof examineBlocks>[number] | undefined): Piece[] => [
  ...(finding?.mistake === undefined ? [] : [piece(show(finding.mistake), "act")]),
  ...(finding?.remarks ?? []).map(remark => piece(show(remark), "look")),
]

const listNotes = (context: Context, proposed: readonly string[]): Piece[] => [
  RESTART,
  ...(proposed.length === 0 ? [piece(shown`an empty list falls back to the gateway's environment`, "look")] : []),
  ...overtaken(context, "trusted_cidrs"),
]

const overtaken = (context: Context, field: GatewayField): Piece[] =>
  context.overtaken.includes(field) ? [OVERTAKEN] : []

const UNREADABLE = piece(shown`cannot be read`, "act")
const NOTHING = piece(shown`(none)`, "dim")
const DRIFT = shown`▲ drift`

type Spell = (config: GatewayInspection["database"]) => Shown

/** One value in the database and in the gateway's copy. */
function held({ inspection }: Context, field: GatewayField, spell: Spell): Pick<Row, "database" | "copy"> {
  const { database, copy, garbled, drift } = inspection
  return {
    database: garbled.database.includes(field) ? UNREADABLE : piece(spell(database)),
    copy: copyWithout(inspection, field) ?? withDrift(spell(copy as typeof database), drift.includes(field)),
  }
}

/** What stands for the gateway's copy of a field where it has no value. */
function copyWithout({ copy, garbled, drift, trouble }: GatewayInspection, field: GatewayField): Piece | undefined {
  if (garbled.copy.includes(field)) return piece(shown`cannot be read ▲`, "act")
  if (copy !== null) return undefined
  if (trouble !== null) return piece(shown`not known`, "act")
  return drift.includes(field) ? withDrift(shown`(none)`, true) : NOTHING
}

const withDrift = (value: Shown, drifts: boolean): Piece =>
  drifts ? piece(shown`${value} ${DRIFT}`, "look") : piece(value)

const listOfDatabase = ({ inspection: { database, garbled } }: Context): Piece[] => {
  if (garbled.database.includes("trusted_cidrs")) return [UNREADABLE]
  const blocks = database.trusted_cidrs.map(block => piece(show(block, VALUE_BYTES)))
  return blocks.length === 0 ? [NOTHING] : blocks
}

/** The copy's list: each line that is not the database's is marked, and so is where it ends too soon. */
function listOfCopy({ inspection }: Context): Piece[] {
  const without = copyWithout(inspection, "trusted_cidrs")
  if (without) return [without]
  const { database, copy } = inspection
  const mine = database.trusted_cidrs
  const theirs = copy?.trusted_cidrs ?? []
  const drifts = inspection.drift.includes("trusted_cidrs")
  const lines = theirs.map((block, line) => withDrift(show(block, VALUE_BYTES), drifts && mine[line] !== block))
  if (drifts && theirs.length < mine.length) return [...lines, piece(shown`(no more) ${DRIFT}`, "look")]
  return lines.length === 0 ? [NOTHING] : lines
}
