import { isDeepStrictEqual } from "node:util"
import type { Kysely } from "kysely"
import { GATEWAY_SETTINGS, type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import { readSettings, type Settings } from "../../adapters/postgres/settings.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { mergeGatewayCopy, readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { GATEWAY_FIELDS, type GatewayConfig, type GatewayField } from "../../domain/gateway.ts"
import type { Stores } from "../operation.ts"

/** The step in which the gateway gets to know what is saved. */
export const COPY_STEP = "gateway's copy (Redis)"

/** The gateway's settings where they are kept: the rows of the database, and the gateway's copy in Redis. */
export interface GatewayState {
  readonly rows: Settings
  readonly database: GatewayReading
  readonly copy: Awaited<ReturnType<typeof readGatewayCopy>>
}

export const gatewayRows = (db: Kysely<Tables>): Promise<Settings> => readSettings(db, GATEWAY_SETTINGS)

/** Both, read now. Throws DeckError. */
export async function readGatewayState({ postgres, redis, signal }: Stores): Promise<GatewayState> {
  const rows = await postgres.run(gatewayRows, signal)
  return { rows, database: readRows(rows), copy: await readGatewayCopy(redis.gateway, signal) }
}

/** The fields in which the copy is not known to say what the database does (contract, section 2, `in_sync`). */
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

/** Does the gateway drop the copy as it is, in silence? */
export const isDropped = (copy: GatewayState["copy"]): boolean =>
  copy === "broken" || (copy !== undefined && copy.refused.length > 0)

/** The fields in which the rows say what the copy should hold, and it holds something else. */
export const repairableFields = (state: GatewayState): GatewayField[] =>
  driftOf(state).filter(field => !state.database.unreadable.has(field))

/** Would the copy be another once the rows are written to it? */
export const isRepairable = (state: GatewayState): boolean =>
  isDropped(state.copy) || repairableFields(state).length > 0

/** The fields of `reading` that could be read, those that nobody set included. */
export const readableFields = ({ config, unreadable }: GatewayReading): Partial<GatewayConfig> =>
  Object.fromEntries(Object.entries(config).filter(([field]) => !unreadable.has(field as GatewayField)))

/**
 * Writes the rows to the gateway's copy until both agree: an operator who saves meanwhile writes the copy as well, and
 * perhaps first. Throws DeckError.
 */
export async function writeCopyOfRows({ postgres, redis }: Pick<Stores, "postgres" | "redis">): Promise<void> {
  for (let rows: Settings | undefined; ; ) {
    const now = await postgres.run(gatewayRows)
    if (isDeepStrictEqual(now, rows)) return
    await mergeGatewayCopy(redis.gateway, readableFields(readRows(now)))
    rows = now
  }
}
