import { type GatewayReading, readRows, variableOf } from "../../adapters/gateway-words.ts"
import type { Several } from "../../adapters/redis/connections.ts"
import { unlessUnavailable } from "../../domain/errors.ts"
import {
  type GatewayConfig,
  type GatewayField,
  type GatewayPatch,
  gatewayUpdate,
  THRESHOLD_DELAY_S,
} from "../../domain/gateway.ts"
import { labelOf } from "../../domain/schema.ts"
import { effectsOf } from "../change.ts"
import { owedEffects } from "../debt.ts"
import type { OperationContext, Preview } from "../operation.ts"
import { askedOf, duesOf } from "./gateway-dues.ts"
import { changedBy, pick, spell } from "./gateway-fields.ts"
import {
  driftOf,
  type GatewayState,
  gatewayRows,
  heldAmong,
  holds,
  isDropped,
  isKnown,
  isRepairable,
  readingOf,
  type StoreState,
  sourceOf,
  stateAfter,
  statesBeside,
  togetherOf,
} from "./gateway-state.ts"
import { gatewayWarnings } from "./gateway-warnings.ts"
import { copyOf, FIRST_WRITE, storeWithoutGateway } from "./write-copy.ts"

interface Proposal {
  readonly patch: GatewayPatch
  /** The fields that are to follow the gateway's environment again. */
  readonly inherit: readonly GatewayField[]
  /** Nothing of the gateway's need be in Redis yet. */
  readonly firstWrite: boolean
}

/** What becomes different, when and how that is in force, and what of it can be turned against the platform. */
export async function previewOfGateway(context: OperationContext, proposal: Proposal): Promise<Preview> {
  const { patch, inherit, firstWrite } = proposal
  const { rows, dues } = await context.postgres.run(
    async db => ({
      rows: await gatewayRows(db),
      dues: await duesOf(context, db, askedOf(patch, inherit, firstWrite)),
    }),
    context.signal,
  )
  const database = readRows(rows)
  const states = await statesBeside(database, context)
  const state = togetherOf(states)
  const changed = pick(patch, changedBy(patch, database))
  const inherited = heldAmong(state, inherit)
  const fields = [...(Object.keys(changed) as GatewayField[]), ...inherited]
  const foreign = firstWrite ? [] : await withoutGateway(context, states)
  const isSo = fields.length === 0
  const told = isSo
    ? await owedEffects(dues, context)
    : [
        ...changes(database, changed),
        ...inherited.map(field => inheritEffect(states, field)),
        ...(await gatewayWarnings(context, stateAfter(state, changed, inherited), fields)),
      ]
  const isChange = told.length > 0
  const effects = isChange
    ? [...foreign, ...told, ...copyEffects(states, fields), ...(isSo ? [] : states.flatMap(troubleOf))]
    : []
  return {
    title: "Change the gateway's settings",
    subject: [],
    ...effectsOf(effects),
    needsConfirmation: isChange,
    ...(isChange && foreign.length > 0 && { typed: FIRST_WRITE }),
  }
}

/** What becomes different in the copies when the rows are written to them. */
export function previewOfGatewayRepair(states: readonly StoreState[]): Preview {
  const repairable = states.filter(isRepairable)
  const unknown = states.flatMap(({ store, trouble }) =>
    trouble === undefined ? [] : [`the ${copyOf(store.names)} is not known, and left: ${trouble.message}`],
  )
  const needsConfirmation = repairable.length > 0
  return {
    title: "Repair the gateway's copy",
    subject: [],
    ...effectsOf(
      needsConfirmation ? [...copyEffects(repairable, []), ...unknown] : [],
      ["the gateway's copy agrees with the database", ...unknown].join("; "),
    ),
    needsConfirmation,
  }
}

/** What is wrong with the databases that are taken for the gateways', as far as they can be asked. */
async function withoutGateway(context: OperationContext, states: readonly StoreState[]): Promise<string[]> {
  const problems = states.filter(isKnown).map(({ store }) => unlessUnavailable(storeWithoutGateway(context, store)))
  return (await Promise.all(problems)).filter(problem => problem !== undefined)
}

const troubleOf = ({ store, trouble }: StoreState): string[] =>
  trouble === undefined
    ? []
    : [`saved, but not in force until the ${copyOf(store.names)} can be written: ${trouble.message}`]

const label = (field: GatewayField) => labelOf(gatewayUpdate, field)

const AFTER_RESTART = "saved, in force after a gateway restart"
const SOON = `in force within ${THRESHOLD_DELAY_S} s`
const whenInForce = (field: GatewayField) => (field === "ip_mode" || field === "trusted_cidrs" ? AFTER_RESTART : SOON)

const changes = (database: GatewayReading, changed: GatewayPatch): string[] =>
  (Object.keys(changed) as GatewayField[]).map(field => {
    const difference = differenceIn(database, field, changed[field] as GatewayConfig[GatewayField])
    return `${label(field)}: ${difference}: ${whenInForce(field)}`
  })

function differenceIn(database: GatewayReading, field: GatewayField, to: GatewayConfig[GatewayField]): string {
  const from = database.values[field]
  return Array.isArray(from) && Array.isArray(to)
    ? differenceOf(from, to)
    : `${heldIn(database, field, NOT_SET)} → ${spell(field, to)}`
}

function differenceOf(from: readonly string[], to: readonly string[]): string {
  const [before, after] = [new Set(from), new Set(to)]
  const added = to.filter(block => !before.has(block)).map(block => `+ ${block}`)
  const removed = from.filter(block => !after.has(block)).map(block => `- ${block}`)
  return [...removed, ...added].join(", ") || "the same in another order"
}

/** What a field is worth once its row and its members of the copies are gone. */
function inheritEffect(states: Several<StoreState>, field: GatewayField): string {
  const [{ database, variables }] = states
  const holding = states.filter(({ copy }) => holds(readingOf(copy), field))
  const copies = Map.groupBy(holding, ({ copy }) => heldIn(readingOf(copy), field, NOT_SET))
  const gone = [
    ...(holds(database, field) ? [`the row (${heldIn(database, field, NOT_SET)})`] : []),
    ...[...copies].map(([held, ones]) => `the ${copyOf(ones.flatMap(({ store }) => store.names))} (${held})`),
  ]
  const seen = holds(variables, field)
    ? `${variableOf(field)} is ${heldIn(variables, field, NOT_SET)} on this host`
    : `${variableOf(field)} is not set on this host, which need not be the gateway's`
  return `${label(field)}: taken from ${gone.join(" and ")}; the gateway's own environment applies again: ${seen}: ${whenInForce(field)}`
}

/** What becomes of the copies in the fields beside `changed`; what is so in several of them is said once. */
function copyEffects(states: readonly StoreState[], changed: readonly GatewayField[]): string[] {
  const told = states.flatMap(state =>
    effectsIn(state, changed).map(say => ({ say, alike: say([]), names: state.store.names })),
  )
  return [...Map.groupBy(told, ({ alike }) => alike).values()].flatMap(all =>
    all.slice(0, 1).map(({ say }) => say(all.flatMap(({ names }) => names))),
  )
}

/** The same of one copy: sentences for the names of the gateways. */
function effectsIn(state: GatewayState, changed: readonly GatewayField[]): ((names: readonly string[]) => string)[] {
  const { database, copy } = state
  const told = driftOf(state)
    .filter(field => !changed.includes(field))
    .map(field => (names: readonly string[]) => {
      const held = heldIn(readingOf(copy), field, "nothing")
      if (sourceOf(state, field) === "copy") {
        return `${label(field)}: the ${copyOf(names)} says ${held} without a row, over the gateway's environment: it stays (--inherit ${field} removes it)`
      }
      if (database.unreadable.has(field)) {
        return `${label(field)}: the value in the database cannot be read: the ${copyOf(names)} keeps its usable value`
      }
      const row = heldIn(database, field, NOT_SET)
      return `${label(field)}: the ${copyOf(names)} changes from ${held} to ${row}, as in the database`
    })
  const ignored = (names: readonly string[]) =>
    `${names.length === 0 ? "" : `${names.join(", ")}: `}the gateway ignores its present copy: it is repaired`
  return [...(isDropped(copy) ? [ignored] : []), ...told]
}

const NOT_SET = "not set here"

/** What `reading` holds of the field, as people read it. */
function heldIn({ values, unreadable }: GatewayReading, field: GatewayField, nothing: string): string {
  if (unreadable.has(field)) return JSON.stringify(unreadable.get(field))
  const value = values[field]
  return value === undefined ? nothing : spell(field, value)
}
