import type { GatewayReading } from "../../adapters/gateway-words.ts"
import { examineBlocks } from "../../domain/cidr-list.ts"
import { asDeckError } from "../../domain/errors.ts"
import {
  formatThreshold,
  type GatewayConfig,
  type GatewayField,
  type GatewayPatch,
  gatewayUpdate,
  THRESHOLD_DELAY_S,
} from "../../domain/gateway.ts"
import { labelOf } from "../../domain/schema.ts"
import { effectsOf } from "../change.ts"
import type { OperationContext, Preview } from "../operation.ts"
import { driftOf, type GatewayState, isDropped, isRepairable, readGatewayState } from "./gateway-state.ts"

/** Preview of the changes in `changed`, with when and how they take effect. */
export async function previewOfGateway(
  context: OperationContext,
  database: GatewayReading,
  changed: GatewayPatch,
): Promise<Preview> {
  const fields = Object.keys(changed)
  const effects = [
    ...modeEffects(database, changed.ip_mode),
    ...blockEffects(database, changed.trusted_cidrs),
    ...thresholdEffects(database, changed.risk_reject_threshold),
  ]
  const besides = fields.length === 0 ? [] : await copyEffects(context, fields)
  return {
    title: "Change the gateway's settings",
    subject: [],
    ...effectsOf([...effects, ...besides]),
    needsConfirmation: fields.length > 0,
  }
}

/** Preview of writing the rows to the gateway's copy. */
export function previewOfGatewayRepair(state: GatewayState): Preview {
  const needsConfirmation = isRepairable(state)
  return {
    title: "Repair the gateway's copy",
    subject: [],
    ...effectsOf(needsConfirmation ? otherEffects(state, []) : [], "the gateway's copy agrees with the database"),
    needsConfirmation,
  }
}

const label = (field: GatewayField) => labelOf(gatewayUpdate, field)

const LATER = "saved, in force after a gateway restart"

const modeEffects = (database: GatewayReading, to: GatewayConfig["ip_mode"] | undefined) =>
  to === undefined ? [] : [`${label("ip_mode")}: ${heldIn(database, "ip_mode")} → ${to}: ${LATER}`]

function blockEffects(database: GatewayReading, to: string[] | undefined): string[] {
  if (to === undefined) return []
  const difference = database.unreadable.has("trusted_cidrs")
    ? `${heldIn(database, "trusted_cidrs")} → ${format(to)}`
    : differenceOf(database.config.trusted_cidrs, to)
  const remarks = examineBlocks(to).flatMap(({ line, remarks }) => remarks.map(remark => `${to[line]} ${remark}`))
  const emptied = to.length > 0 ? [] : ["an empty list falls back to the gateway's environment"]
  return [`${label("trusted_cidrs")}: ${difference}: ${LATER}`, ...emptied, ...remarks]
}

function differenceOf(from: readonly string[], to: readonly string[]): string {
  const [before, after] = [new Set(from), new Set(to)]
  const added = to.filter(block => !before.has(block)).map(block => `+ ${block}`)
  const removed = from.filter(block => !after.has(block)).map(block => `- ${block}`)
  return [...removed, ...added].join(", ") || "the same in another order"
}

function thresholdEffects(database: GatewayReading, to: number | undefined): string[] {
  if (to === undefined) return []
  const from = heldIn(database, "risk_reject_threshold")
  const off = to > 0 ? [] : ["0 switches rejection off, unless the gateway's environment sets a threshold"]
  return [`${label("risk_reject_threshold")}: ${from} → ${format(to)}: in force within ${THRESHOLD_DELAY_S} s`, ...off]
}

/** Returns the other effects on the gateway's copy, which is written completely. */
async function copyEffects(context: OperationContext, changed: readonly string[]): Promise<string[]> {
  try {
    return otherEffects(await readGatewayState(context), changed)
  } catch (error) {
    const { code, message } = asDeckError(error)
    if (code !== "unavailable") throw error
    return [`saved, but not in force until the gateway's copy can be written: ${message}`]
  }
}

/** Returns the effects on fields of the copy other than `changed`. */
function otherEffects(state: GatewayState, changed: readonly string[]): string[] {
  const { database, copy } = state
  const told = driftOf(state)
    .filter(field => !changed.includes(field))
    .map(field => {
      const name = label(field)
      const kept = "the gateway's copy keeps its usable value"
      if (database.unreadable.has(field)) return `${name}: the value in the database cannot be read: ${kept}`
      const held = copy === undefined || copy === "broken" ? "nothing" : heldIn(copy, field)
      return `${name}: the gateway's copy changes from ${held} to ${format(database.config[field])}, as in the database`
    })
  return [...(isDropped(copy) ? ["the gateway ignores its present copy: it is repaired"] : []), ...told]
}

const heldIn = ({ config, unreadable }: GatewayReading, field: GatewayField): string =>
  unreadable.has(field) ? JSON.stringify(unreadable.get(field)) : format(config[field])

function format(value: GatewayConfig[GatewayField]): string {
  if (typeof value === "number") return formatThreshold(value)
  return typeof value === "string" ? value : value.join(", ") || "none"
}
