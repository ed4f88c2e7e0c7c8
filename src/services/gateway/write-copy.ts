import { isDeepStrictEqual } from "node:util"
import { type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import { countPresent } from "../../adapters/redis/databases.ts"
import { changeGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { GATEWAY_CONFIG } from "../../adapters/redis/keys.ts"
import { DeckError } from "../../domain/errors.ts"
import type { GatewayField } from "../../domain/gateway.ts"
import { findLog, nameOf, placeOf } from "../log-place.ts"
import type { Stores } from "../operation.ts"
import { gatewayRows, holds } from "./gateway-state.ts"

/** The step in which the gateway gets to know what is saved. */
export const COPY_STEP = "gateway's copy (Redis)"

/** What is typed to confirm that nothing of the gateway's is in its database yet. */
export const FIRST_WRITE = "first write"

interface CopyWriting {
  /** The fields that follow the gateway's environment again: their members go, as long as they have no row. */
  readonly inherit?: readonly GatewayField[]
  /** Also where nothing of the gateway's is yet. */
  readonly firstWrite?: boolean
}

/**
 * Writes the rows to the gateway's copy until both agree: an operator who saves meanwhile writes the copy as well, and
 * perhaps first. What has no row is left as it is. Throws DeckError.
 */
export async function writeCopyOfRows(
  stores: Pick<Stores, "postgres" | "redis">,
  { inherit = [], firstWrite = false }: CopyWriting = {},
): Promise<void> {
  const { postgres, redis } = stores
  if (!firstWrite) await databaseWithoutGateway(stores, "refuse")
  for (let written: GatewayReading | undefined; ; ) {
    const rows = readRows(await postgres.run(gatewayRows))
    if (isDeepStrictEqual(rows, written)) return
    const remove = inherit.filter(field => !holds(rows, field))
    await changeGatewayCopy(redis.gateways[0].client, { set: rows.values, remove })
    written = rows
  }
}

/**
 * What is wrong with the Redis database that is taken for the gateway's: it holds neither the access log nor the
 * gateway's copy, so what is written there would probably change nothing and look like success (contract, section 4).
 * Undefined where nothing is. With "refuse" it is thrown as a DeckError "conflict".
 */
export async function databaseWithoutGateway(
  stores: Pick<Stores, "redis"> & Partial<Pick<Stores, "signal">>,
  then?: "refuse",
): Promise<string | undefined> {
  const { redis, signal } = stores
  if ((await countPresent(redis.gateways[0].client, [redis.gateways[0].stream, GATEWAY_CONFIG], signal)) > 0)
    return undefined
  const here = nameOf(placeOf(stores, "gateway"))
  const found = await findLog(stores).catch(() => undefined)
  const problem = `Redis ${here} holds neither the access log nor the gateway's copy of its settings`
  const hint =
    found === undefined
      ? "check GATEWAY_REDIS_URL, or give --first-write where the gateway never ran"
      : `the access log is in ${nameOf(found)}: name it in GATEWAY_REDIS_URL`
  if (then === "refuse") throw new DeckError("conflict", `${problem}; ${hint}`)
  return `${problem}; ${hint}`
}
