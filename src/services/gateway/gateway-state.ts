import { isDeepStrictEqual } from "node:util"
import type { Kysely } from "kysely"
import {
  GATEWAY_SETTINGS,
  type GatewayReading,
  readRows,
  readVariables,
  settingOf,
} from "../../adapters/gateway-words.ts"
import { readSettings, type Settings } from "../../adapters/postgres/settings.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { Several } from "../../adapters/redis/connections.ts"
import { readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { asUnavailable, type DeckError } from "../../domain/errors.ts"
import {
  GATEWAY_DEFAULTS,
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayField,
  type GatewaySource,
  type GatewaySources,
} from "../../domain/gateway.ts"
import type { Stores } from "../operation.ts"
import { readingAfter } from "./gateway-fields.ts"
import { type GatewayStore, gatewayStores } from "./gateway-store.ts"

/** The gateway's settings where they are kept. */
export interface GatewayState {
  /** The rows of the database. */
  readonly database: GatewayReading
  /** The gateway's copy in Redis; undefined where there is none, or it could not be read. */
  readonly copy: Awaited<ReturnType<typeof readGatewayCopy>>
  /** Why it could not be read. */
  readonly trouble?: DeckError | undefined
  /** The gateway's variables, as far as they are set on this host. */
  readonly variables: GatewayReading
}

/** The same of the gateways of one store. */
export interface StoreState extends GatewayState {
  readonly store: GatewayStore
}

const NOTHING: GatewayReading = { values: {}, unreadable: new Map() }

export const gatewayRows = (db: Kysely<Tables>): Promise<Settings> => readSettings(db, GATEWAY_SETTINGS)

/** All of it, read now: of `store`, or of the one that there is. Throws DeckError. */
export async function readGatewayState(
  { postgres, redis, signal }: Stores,
  { client }: Pick<GatewayStore, "client"> = redis.gateways[0],
): Promise<GatewayState> {
  const database = readRows(await postgres.run(gatewayRows, signal))
  return stateOf(database, await readGatewayCopy(client, signal))
}

/** The same of all gateways: of those that are out of reach with the reason. Throws DeckError where PostgreSQL is. */
export async function readGatewayStates({ postgres, redis, signal }: Stores): Promise<Several<StoreState>> {
  return statesBeside(readRows(await postgres.run(gatewayRows, signal)), { redis, signal })
}

/**
 * The same. Throws DeckError also where the one gateway that there is, which nobody named, is out of reach: there is no other
 * one to tell of.
 */
export async function knownStates(stores: Stores): Promise<Several<StoreState>> {
  const states = await readGatewayStates(stores)
  const [{ store, trouble }] = states
  if (trouble !== undefined && store.names.length === 0) throw trouble
  return states
}

/** The states that the copies make, read now, beside what the rows of the database say. */
export async function statesBeside(
  database: GatewayReading,
  { redis, signal }: Pick<Stores, "redis" | "signal">,
): Promise<Several<StoreState>> {
  const read = async (store: GatewayStore): Promise<StoreState> => {
    const found = await readGatewayCopy(store.client, signal).then(copy => ({ copy }), unread)
    return { ...stateOf(database, undefined), ...found, store }
  }
  const [first, ...others] = gatewayStores(redis)
  const [one, ...more] = await Promise.all([read(first), ...others.map(read)])
  return [one as StoreState, ...more]
}

const unread = (error: unknown) => ({ copy: undefined, trouble: asUnavailable(error) })

/** What the states of all gateways say together: a member that any copy holds without a row counts somewhere. */
export function togetherOf(states: Several<GatewayState>): Values {
  const [{ database, variables }] = states
  const copies = states.map(({ copy }) => readingOf(copy))
  const values: GatewayReading["values"] = Object.assign({}, ...copies.map(copy => copy.values).reverse())
  const unreadable = copies.flatMap(copy => [...copy.unreadable]).filter(([field]) => !(field in values))
  return { database, variables, copy: { values, unreadable: new Map(unreadable) } }
}

/** The state that these two make, beside the variables of this host. */
export const stateOf = <Copy extends GatewayState["copy"] | GatewayReading>(database: GatewayReading, copy: Copy) => ({
  database,
  copy,
  variables: readVariables(process.env),
})

/** Does `reading` say anything about the field, be it readable or not? */
export const holds = ({ values, unreadable }: GatewayReading, field: GatewayField): boolean =>
  field in values || unreadable.has(field)

/** The copy as far as it is a JSON object. */
export const readingOf = (copy: GatewayState["copy"] | GatewayReading): GatewayReading =>
  copy === undefined || copy === "broken" ? NOTHING : copy

/** Those of `fields` that a row or the copy holds, so that they can be taken from there. */
export const heldAmong = ({ database, copy }: Values, fields: readonly GatewayField[]): GatewayField[] =>
  fields.filter(field => holds(database, field) || holds(readingOf(copy), field))

/** The state once `set` is written to rows and copy, and `taken` are gone from both. */
export const stateAfter = (
  { database, copy }: Values,
  set: Readonly<Partial<GatewayConfig>>,
  taken: readonly GatewayField[],
) => stateOf(readingAfter(database, set, taken), readingAfter(readingOf(copy), set, taken))

/** What decides about values: of the copy no more than what it says of each. */
export type Values = Omit<GatewayState, "copy"> & { readonly copy: GatewayState["copy"] | GatewayReading }

/** Where the value of a field comes from (contract, section 2). */
export function sourceOf({ database, copy, variables }: Values, field: GatewayField): GatewaySource {
  if (holds(database, field)) return "row"
  if (holds(readingOf(copy), field)) return "copy"
  return holds(variables, field) ? "env" : "unset"
}

export const sourcesOf = (state: Values): GatewaySources =>
  Object.fromEntries(GATEWAY_FIELDS.map(field => [field, sourceOf(state, field)])) as GatewaySources

/** Each value from where it comes from; the platform's default where it is unset or cannot be read. */
export function valuesOf(state: Values): GatewayConfig {
  const { database, copy, variables } = state
  const readings = { row: database, copy: readingOf(copy), env: variables, unset: NOTHING }
  const set = GATEWAY_FIELDS.map(field => ({ [field]: readings[sourceOf(state, field)].values[field] }))
  const found = Object.entries(Object.assign({}, ...set)).filter(([, value]) => value !== undefined)
  return { ...GATEWAY_DEFAULTS, ...Object.fromEntries(found) }
}

/** The rows by field; null where there is none, or it cannot be read. */
export const rowsOf = ({ values }: GatewayReading): Readonly<Record<GatewayField, unknown>> =>
  Object.fromEntries(GATEWAY_FIELDS.map(field => [field, values[field] ?? null])) as Record<GatewayField, unknown>

/**
 * The fields in which the copy is not known to say what the rows do, and those that it holds without a row, which win
 * over the gateway's environment though nobody set them (contract, section 2, `in_sync`).
 */
export const driftOf = (state: GatewayState): GatewayField[] =>
  GATEWAY_FIELDS.filter(field => differs(state, field) || sourceOf(state, field) === "copy")

/** Could its copy be read? */
export const isKnown = ({ trouble }: GatewayState): boolean => trouble === undefined

/** Do all gateways have what the rows say, as far as is known? */
export const areInSync = (states: readonly GatewayState[]): boolean =>
  states.every(state => isKnown(state) && driftOf(state).length === 0)

/** Does the copy not say what the row of the field does? False where there is no row, and where the copy is not known. */
function differs(state: GatewayState, field: GatewayField): boolean {
  const { database, copy } = state
  if (!isKnown(state) || !holds(database, field)) return false
  const held = readingOf(copy)
  if (database.unreadable.has(field) || held.unreadable.has(field)) return true
  const value = database.values[field]
  // The gateway takes an empty list for none.
  const expected = Array.isArray(value) && value.length === 0 ? undefined : value
  return !isDeepStrictEqual(expected, held.values[field])
}

/** Does the gateway drop the copy as it is, in silence? */
export const isDropped = (copy: GatewayState["copy"]): boolean =>
  copy === "broken" || (copy !== undefined && copy.refused.length > 0)

/** The fields in which the rows say what the copy should hold, and it holds something else. */
export const repairableFields = (state: GatewayState): GatewayField[] =>
  GATEWAY_FIELDS.filter(field => differs(state, field) && !state.database.unreadable.has(field))

/** Would the copy be another once the rows are written to it? */
export const isRepairable = (state: GatewayState): boolean =>
  isDropped(state.copy) || repairableFields(state).length > 0

/** The keys of all settings of the gateway. */
export const GATEWAY_KEYS: readonly string[] = GATEWAY_FIELDS.map(settingOf)
