import { isDeepStrictEqual } from "node:util"
import type { Kysely } from "kysely"
import { GATEWAY_SETTINGS, type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import { readSettings, type Settings } from "../../adapters/postgres/settings.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { mergeGatewayCopy, readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { GATEWAY_FIELDS, type GatewayConfig, type GatewayField } from "../../domain/gateway.ts"
import type { Stores } from "../operation.ts"

/** Step of a change that writes the gateway's copy. */
export const COPY_STEP = "gateway's copy (Redis)"

/** The gateway's settings as stored: the rows of the database, and the gateway's copy in Redis. */
export interface GatewayState {
  readonly rows: Settings
  readonly database: GatewayReading
  readonly copy: Awaited<ReturnType<typeof readGatewayCopy>>
}

export const gatewayRows = (db: Kysely<Tables>): Promise<Settings> => readSettings(db, GATEWAY_SETTINGS)

/** Reads both. Throws DeckError. */
export async function readGatewayState({ postgres, redis, signal }: Stores): Promise<GatewayState> {
  const rows = await postgres.run(gatewayRows, signal)
  return { rows, database: readRows(rows), copy: await readGatewayCopy(redis.gateway, signal) }
}

/** Returns the fields in which the copy is not known to agree with the database (contract, section 2, `in_sync`). */
export function driftOf({ rows, database, copy }: GatewayState): GatewayField[] {
  if (copy === undefined) return rows.size === 0 ? [] : GATEWAY_FIELDS
  if (copy === "broken") return GATEWAY_FIELDS
  return GATEWAY_FIELDS.filter(
    field =>
      database.unreadable.has(field) ||
      copy.unreadable.has(field) ||
      !isDeepStrictEqual(database.config[field], copy.config[field]),
  )
}

/** Whether the gateway discards the present copy without a message. */
export const isDropped = (copy: GatewayState["copy"]): boolean =>
  copy === "broken" || (copy !== undefined && copy.refused.length > 0)

/** Returns the fields whose value in the copy differs from a valid row. */
export const repairableFields = (state: GatewayState): GatewayField[] =>
  driftOf(state).filter(field => !state.database.unreadable.has(field))

/** Whether writing the rows to the copy would change it. */
export const isRepairable = (state: GatewayState): boolean =>
  isDropped(state.copy) || repairableFields(state).length > 0

/** Returns the fields of `reading` that could be read, including those without a row. */
export const readableFields = ({ config, unreadable }: GatewayReading): Partial<GatewayConfig> =>
  Object.fromEntries(Object.entries(config).filter(([field]) => !unreadable.has(field as GatewayField)))

/** Writes the rows to the gateway's copy until both agree: another operator may save meanwhile. Throws DeckError. */
export async function writeCopyOfRows({ postgres, redis }: Pick<Stores, "postgres" | "redis">): Promise<void> {
  for (let rows: Settings | undefined; ; ) {
    const now = await postgres.run(gatewayRows)
    if (isDeepStrictEqual(now, rows)) return
    await mergeGatewayCopy(redis.gateway, readableFields(readRows(now)))
    rows = now
  }
}
