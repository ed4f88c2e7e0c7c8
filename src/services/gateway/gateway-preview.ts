import { type GatewayReading, readRows, variableOf } from "../../adapters/gateway-words.ts"
import { readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { asDeckError } from "../../domain/errors.ts"
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
  isRepairable,
  readingOf,
  sourceOf,
  stateAfter,
  stateOf,
} from "./gateway-state.ts"
import { gatewayWarnings } from "./gateway-warnings.ts"
import { databaseWithoutGateway, FIRST_WRITE } from "./write-copy.ts"

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
  const redis = await lookIntoRedis(context)
  const state = stateOf(database, redis.copy)
  const changed = pick(patch, changedBy(patch, database))
  const inherited = heldAmong(state, inherit)
  const fields = [...(Object.keys(changed) as GatewayField[]), ...inherited]
  const foreign = firstWrite ? undefined : redis.foreign
  const isSo = fields.length === 0
  const told = isSo
    ? await owedEffects(dues, context)
    : [
        ...changes(database, changed),
        ...inherited.map(field => inheritEffect(state, field)),
        ...(await gatewayWarnings(context, stateAfter(state, changed, inherited), fields)),
      ]
  const isChange = told.length > 0
  const ofCopy = redis.trouble === undefined ? copyEffects(state, fields) : isSo ? [] : [redis.trouble]
  const effects = isChange ? [...(foreign === undefined ? [] : [foreign]), ...told, ...ofCopy] : []
  return {
    title: "Change the gateway's settings",
    subject: [],
    ...effectsOf(effects),
    needsConfirmation: isChange,
    ...(isChange && foreign !== undefined && { typed: FIRST_WRITE }),
  }
}

/** What becomes different in the gateway's copy when the rows are written to it. */
export function previewOfGatewayRepair(state: GatewayState): Preview {
  const needsConfirmation = isRepairable(state)
  return {
    title: "Repair the gateway's copy",
    subject: [],
    ...effectsOf(needsConfirmation ? copyEffects(state, []) : [], "the gateway's copy agrees with the database"),
    needsConfirmation,
  }
}

/** The gateway's copy, and whether its database is the gateway's at all; where Redis is out of reach, what follows from that. */
async function lookIntoRedis(context: OperationContext): Promise<{
  readonly copy: GatewayState["copy"]
  readonly foreign?: string | undefined
  readonly trouble?: string
}> {
  try {
    const copy = await readGatewayCopy(context.redis.gateways[0].client, context.signal)
    return { copy, foreign: await databaseWithoutGateway(context) }
  } catch (error) {
    const { code, message } = asDeckError(error)
    if (code !== "unavailable") throw error
    return { copy: undefined, trouble: `saved, but not in force until the gateway's copy can be written: ${message}` }
  }
}

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

/** What a field is worth once its row and its member of the copy are gone. */
function inheritEffect(state: GatewayState, field: GatewayField): string {
  const { database, variables, copy } = state
  const gone = [
    ...(holds(database, field) ? [`the row (${heldIn(database, field, NOT_SET)})`] : []),
    ...(holds(readingOf(copy), field) ? [`the gateway's copy (${heldIn(readingOf(copy), field, NOT_SET)})`] : []),
  ]
  const seen = holds(variables, field)
    ? `${variableOf(field)} is ${heldIn(variables, field, NOT_SET)} on this host`
    : `${variableOf(field)} is not set on this host, which need not be the gateway's`
  return `${label(field)}: taken from ${gone.join(" and ")}; the gateway's own environment applies again: ${seen}: ${whenInForce(field)}`
}

/** What becomes of the copy in the fields beside `changed`. */
function copyEffects(state: GatewayState, changed: readonly GatewayField[]): string[] {
  const { database, copy } = state
  const told = driftOf(state)
    .filter(field => !changed.includes(field))
    .map(field => {
      const held = heldIn(readingOf(copy), field, "nothing")
      if (sourceOf(state, field) === "copy") {
        return `${label(field)}: the gateway's copy says ${held} without a row, over the gateway's environment: it stays (--inherit ${field} removes it)`
      }
      if (database.unreadable.has(field)) {
        return `${label(field)}: the value in the database cannot be read: the gateway's copy keeps its usable value`
      }
      const row = heldIn(database, field, NOT_SET)
      return `${label(field)}: the gateway's copy changes from ${held} to ${row}, as in the database`
    })
  return [...(isDropped(copy) ? ["the gateway ignores its present copy: it is repaired"] : []), ...told]
}

const NOT_SET = "not set here"

/** What `reading` holds of the field, as people read it. */
function heldIn({ values, unreadable }: GatewayReading, field: GatewayField, nothing: string): string {
  if (unreadable.has(field)) return JSON.stringify(unreadable.get(field))
  const value = values[field]
  return value === undefined ? nothing : spell(field, value)
}
