import { isDeepStrictEqual } from "node:util"
import type { GatewayReading } from "../../adapters/gateway-words.ts"
import {
  formatThreshold,
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayField,
  type GatewayPatch,
} from "../../domain/gateway.ts"

/** The fields of `patch` whose rows become different; one without a row, or with one that cannot be read, does so in any case. */
export const changedBy = (patch: GatewayPatch, { values }: GatewayReading): GatewayField[] =>
  GATEWAY_FIELDS.filter(field => patch[field] !== undefined && !isDeepStrictEqual(patch[field], values[field]))

/** Those of `fields` that `all` has. */
export const pick = (all: Readonly<Partial<Record<GatewayField, unknown>>>, fields: readonly GatewayField[]) =>
  Object.fromEntries(fields.flatMap(field => (field in all ? [[field, all[field]]] : []))) as Partial<GatewayConfig>

/** `reading` once `set` is written to it and `fields` are taken from it. */
export const readingAfter = (
  { values, unreadable }: GatewayReading,
  set: Readonly<Partial<GatewayConfig>>,
  taken: readonly GatewayField[],
): GatewayReading => {
  const isKept = (field: GatewayField) => !(field in set) && !taken.includes(field)
  return {
    values: { ...pick(values, GATEWAY_FIELDS.filter(isKept)), ...set },
    unreadable: new Map([...unreadable].filter(([field]) => isKept(field))),
  }
}

/** A value as people read it. */
export function spell(field: GatewayField, value: GatewayConfig[GatewayField]): string {
  if (field === "risk_reject_threshold") return formatThreshold(value as number)
  return Array.isArray(value) ? value.join(", ") || "none" : String(value)
}
