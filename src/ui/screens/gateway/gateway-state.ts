import { isDeepStrictEqual } from "node:util"
import { examineBlocks } from "../../../domain/cidr-list.ts"
import type { Conflict } from "../../../domain/errors.ts"
import {
  formatThreshold,
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayField,
  type GatewayPatch,
  IP_MODES,
  threshold,
} from "../../../domain/gateway.ts"
import { type FieldText, fieldText, textOf } from "../../keys/text-field.ts"
import type { Resolution } from "../../kit/form/conflict-state.ts"

/** What stands in the database now, which the proposal is made against. */
export interface Loaded {
  readonly database: GatewayConfig
  /** The fields that cannot be read there. */
  readonly garbled: readonly GatewayField[]
}

/** The settings as they are typed: the threshold as text, a line for each block. */
export type Proposal = Omit<GatewayConfig, "risk_reject_threshold"> & { readonly risk_reject_threshold: string }

/** Where the cursor is: at a field, at a line of the blocks, counted from 0, or where a block is added. */
export type Stop = "ip_mode" | number | "add" | "risk_reject_threshold"

/** Somebody proposing other settings. What they did not touch follows the database. */
export interface GatewayState {
  readonly draft: Partial<Proposal>
  /** What stood in the touched fields when they began. */
  readonly seen: Partial<GatewayConfig>
  readonly cursor: Stop
  readonly typing: Typing | undefined
  /** What was given as the reason, should saving have been refused. */
  readonly reason: string
  readonly saved: SavedThreshold | undefined
}

/** The threshold that was saved here last, and when it is in force at the latest, in ms since the epoch. */
export interface SavedThreshold {
  readonly threshold: number
  readonly inForceBy: number
}

interface Typing {
  readonly text: FieldText
  /** All of it as it was before. */
  readonly before: GatewayState
}

export type GatewayAction =
  | { readonly type: "move"; readonly by: number }
  | { readonly type: "go"; readonly to: Stop }
  /** Goes on to another mode. */
  | { readonly type: "turn"; readonly by: 1 | -1 }
  /** Types in what is at the cursor; where a block is added, in a new line. */
  | { readonly type: "type" }
  | { readonly type: "edit"; readonly change: (text: FieldText) => FieldText }
  /** Ends the typing, with what was typed or without it. */
  | { readonly type: "take" }
  | { readonly type: "undo" }
  | { readonly type: "remove" }
  /** A threshold that came up elsewhere, 0 to 1. */
  | { readonly type: "propose"; readonly threshold: number }
  /** Gives up the proposal. */
  | { readonly type: "drop" }
  /** The proposal was saved, and with it perhaps a threshold that the gateway has got to know. */
  | { readonly type: "saved"; readonly threshold: SavedThreshold | undefined }
  | { readonly type: "refused"; readonly reason: string }
  | Resolution

/** At the threshold, which is what is changed in a hurry. */
export const initialGateway: GatewayState = {
  draft: {},
  seen: {},
  cursor: "risk_reject_threshold",
  typing: undefined,
  reason: "",
  saved: undefined,
}

export const gatewayReducer =
  (loaded: Loaded) =>
  (state: GatewayState, action: GatewayAction): GatewayState => {
    switch (action.type) {
      case "move":
        return moved(taken(state, loaded), loaded, action.by)
      case "go":
        return { ...taken(state, loaded), cursor: action.to }
      case "turn": {
        const at = IP_MODES.indexOf(proposalOf(state, loaded).ip_mode)
        return drafted(state, loaded, {
          ip_mode: IP_MODES.at((at + action.by) % IP_MODES.length) as Proposal["ip_mode"],
        })
      }
      case "type":
        return typing(taken(state, loaded), loaded)
      case "edit":
        return edited(state, loaded, action.change)
      case "take":
        return taken(state, loaded)
      case "undo":
        return state.typing?.before ?? state
      case "remove":
        return removed(state, loaded)
      case "propose":
        return drafted(state, loaded, { risk_reject_threshold: formatThreshold(action.threshold) })
      case "drop":
        return dropped(state)
      case "saved":
        return { ...dropped(state), saved: action.threshold }
      case "refused":
        return { ...state, reason: action.reason }
      case "resolve":
        return resolved(state, action.conflicts, action.taken)
    }
  }

const dropped = ({ cursor, saved }: GatewayState): GatewayState => ({
  ...initialGateway,
  cursor: typeof cursor === "number" ? "add" : cursor,
  saved,
})

/** All fields as they would be saved. */
export const proposalOf = ({ draft }: Pick<GatewayState, "draft">, { database }: Loaded): Proposal => ({
  ...database,
  risk_reject_threshold: formatThreshold(database.risk_reject_threshold),
  ...draft,
})

/** The places of the cursor, from top to bottom. */
export const stopsOf = (state: GatewayState, loaded: Loaded): Stop[] => [
  "ip_mode",
  ...proposalOf(state, loaded).trusted_cidrs.keys(),
  "add",
  "risk_reject_threshold",
]

/** The cursor where it can be: the list may have become shorter. */
export const cursorOf = (state: GatewayState, loaded: Loaded): Stop =>
  typeof state.cursor === "number" && state.cursor >= proposalOf(state, loaded).trusted_cidrs.length
    ? "add"
    : state.cursor

/** The fields whose proposal is something else than what the database holds. */
export const changedFields = ({ draft }: GatewayState, { database, garbled }: Loaded): GatewayField[] =>
  GATEWAY_FIELDS.filter(field => field in draft && (garbled.includes(field) || !isSame(draft, database, field)))

/** The touched fields in which the database is no longer as it was seen. */
export const overtakenFields = (state: GatewayState, loaded: Loaded): GatewayField[] =>
  changedFields(state, loaded).filter(field => !isDeepStrictEqual(state.seen[field], loaded.database[field]))

/** Nothing is proposed but this threshold. */
export const isOnlyThreshold = ({ draft }: GatewayState, threshold: number): boolean =>
  isDeepStrictEqual(draft, { risk_reject_threshold: formatThreshold(threshold) })

/** The changed fields alone, as the change's input has them. */
export function patchOf(state: GatewayState, loaded: Loaded): GatewayPatch {
  const { ip_mode, trusted_cidrs, risk_reject_threshold } = proposalOf(state, loaded)
  const all = { ip_mode, trusted_cidrs, risk_reject_threshold: Number(risk_reject_threshold) }
  return pick(all, changedFields(state, loaded))
}

/** What was seen in the changed fields. */
export const seenIn = ({ seen }: GatewayState, patch: GatewayPatch): Partial<GatewayConfig> =>
  pick(seen, Object.keys(patch) as GatewayField[])

/** The first thing that cannot be saved as it was typed, and where. */
export function firstMistake(state: GatewayState, loaded: Loaded): { at: Stop; mistake: string } | undefined {
  const changed = changedFields(state, loaded)
  const { trusted_cidrs, risk_reject_threshold } = proposalOf(state, loaded)
  const wrong = changed.includes("trusted_cidrs")
    ? examineBlocks(trusted_cidrs).find(({ mistake }) => mistake !== undefined)
    : undefined
  if (wrong?.mistake !== undefined) return { at: wrong.line, mistake: `line ${wrong.line + 1} ${wrong.mistake}` }
  const mistake = changed.includes("risk_reject_threshold") ? thresholdMistake(risk_reject_threshold) : undefined
  return mistake === undefined ? undefined : { at: "risk_reject_threshold", mistake }
}

export const thresholdMistake = (text: string): string | undefined =>
  threshold.safeParse(text).error?.issues[0]?.message

/** As thresholds are written everywhere, where it is one. */
const respelled = (text: string): string =>
  thresholdMistake(text) === undefined ? formatThreshold(Number(text)) : text

function isSame(draft: Partial<Proposal>, config: Partial<GatewayConfig>, field: GatewayField): boolean {
  if (field !== "risk_reject_threshold") return isDeepStrictEqual(draft[field], config[field])
  const typed = draft[field] as string
  return thresholdMistake(typed) === undefined && Number(typed) === config[field]
}

/** With `values` proposed, which are touched by that. */
function touched(state: GatewayState, { database }: Loaded, values: Partial<Proposal>): GatewayState {
  const seen = { ...pick(database, Object.keys(values) as GatewayField[]), ...state.seen }
  return { ...state, draft: { ...state.draft, ...values }, seen }
}

/** The same; what is as in the database is touched no more. */
function drafted(state: GatewayState, loaded: Loaded, values: Partial<Proposal>): GatewayState {
  const next = touched(state, loaded, values)
  const changed = changedFields(next, loaded)
  return { ...next, draft: pick(next.draft, changed), seen: pick(next.seen, changed) }
}

function moved(state: GatewayState, loaded: Loaded, by: number): GatewayState {
  const stops = stopsOf(state, loaded)
  const at = stops.indexOf(cursorOf(state, loaded)) + by
  return { ...state, cursor: stops[Math.min(Math.max(0, at), stops.length - 1)] as Stop }
}

function typing(state: GatewayState, loaded: Loaded): GatewayState {
  const cursor = cursorOf(state, loaded)
  const { trusted_cidrs, risk_reject_threshold } = proposalOf(state, loaded)
  const begin = (at: Stop, text: string, values: Partial<Proposal>): GatewayState => ({
    ...touched(state, loaded, values),
    cursor: at,
    typing: { text: fieldText(text), before: { ...state, cursor } },
  })
  switch (cursor) {
    case "ip_mode":
      return state
    case "risk_reject_threshold":
      return begin(cursor, risk_reject_threshold, { risk_reject_threshold })
    case "add":
      return begin(trusted_cidrs.length, "", { trusted_cidrs: [...trusted_cidrs, ""] })
    default:
      return begin(cursor, trusted_cidrs[cursor] as string, { trusted_cidrs })
  }
}

/** What is typed stands in the proposal at once, so that it can be checked and counted. */
function edited(state: GatewayState, loaded: Loaded, change: (text: FieldText) => FieldText): GatewayState {
  if (state.typing === undefined) return state
  const { cursor, typing } = state
  const text = change(typing.text)
  const values =
    typeof cursor === "number"
      ? { trusted_cidrs: proposalOf(state, loaded).trusted_cidrs.with(cursor, textOf(text)) }
      : { risk_reject_threshold: textOf(text) }
  return { ...touched(state, loaded, values), typing: { ...typing, text } }
}

/** A line may hold several blocks: a list is pasted whole. A line with nothing in it is none. */
function taken(state: GatewayState, loaded: Loaded): GatewayState {
  if (state.typing === undefined) return state
  const { cursor, typing } = state
  const ended = { ...state, typing: undefined }
  const typed = textOf(typing.text)
  if (typeof cursor !== "number") return drafted(ended, loaded, { risk_reject_threshold: respelled(typed.trim()) })
  const blocks = typed.split(/[\s,]+/).filter(block => block !== "")
  const trusted_cidrs = proposalOf(state, loaded).trusted_cidrs.toSpliced(cursor, 1, ...blocks)
  const isNew = typing.before.cursor === "add"
  return { ...drafted(ended, loaded, { trusted_cidrs }), cursor: isNew || blocks.length === 0 ? "add" : cursor }
}

function removed(state: GatewayState, loaded: Loaded): GatewayState {
  const cursor = cursorOf(state, loaded)
  if (typeof cursor !== "number") return state
  return drafted(state, loaded, { trusted_cidrs: proposalOf(state, loaded).trusted_cidrs.toSpliced(cursor, 1) })
}

function resolved(state: GatewayState, conflicts: readonly Conflict[], taken: ReadonlySet<string>): GatewayState {
  const kept = GATEWAY_FIELDS.filter(field => field in state.draft && !taken.has(field))
  const theirs = Object.fromEntries(conflicts.map(({ field, theirs }) => [field, theirs]))
  return { ...state, draft: pick(state.draft, kept), seen: pick({ ...state.seen, ...theirs }, kept) }
}

const pick = <Values extends object>(values: Values, fields: readonly (keyof Values)[]): Partial<Values> =>
  Object.fromEntries(fields.flatMap(field => (field in values ? [[field, values[field]]] : []))) as Partial<Values>
