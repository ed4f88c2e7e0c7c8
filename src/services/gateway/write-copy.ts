import { isDeepStrictEqual } from "node:util"
import { type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import { countPresent } from "../../adapters/redis/databases.ts"
import { changeGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { GATEWAY_CONFIG } from "../../adapters/redis/keys.ts"
import { DeckError } from "../../domain/errors.ts"
import type { GatewayField } from "../../domain/gateway.ts"
import { ofGateways, redisSettingOf } from "../gateway-names.ts"
import { findLog, nameOf, placeOf } from "../log-place.ts"
import type { Stores } from "../operation.ts"
import { gatewayRows, holds } from "./gateway-state.ts"
import type { GatewayStore } from "./gateway-store.ts"

/** `gateway's copy of us`: one of those that gateways of these names take their settings from. */
export const copyOf = (names: readonly string[]): string => `gateway's copy${ofGateways(names)}`

/** The step in which these gateways get to know what is saved. */
export const copyStep = (names: readonly string[]): string => `${copyOf(names)} (Redis)`

/** What is typed to confirm that nothing of the gateway's is in its database yet. */
export const FIRST_WRITE = "first write"

interface CopyWriting {
  /** The fields that follow the gateway's environment again: their members go, as long as they have no row. */
  readonly inherit?: readonly GatewayField[]
  /** Also where nothing of the gateway's is yet. */
  readonly firstWrite?: boolean
}

/**
 * Writes the rows to the copy in `store` until both agree: an operator who saves meanwhile writes the copy as well, and
 * perhaps first. What has no row is left as it is. Throws DeckError.
 */
export async function writeCopyOfRows(
  stores: Pick<Stores, "postgres" | "redis">,
  store: GatewayStore,
  { inherit = [], firstWrite = false }: CopyWriting = {},
): Promise<void> {
  if (!firstWrite) await refuseWithoutGateway(stores, store)
  for (let written: GatewayReading | undefined; ; ) {
    const rows = readRows(await stores.postgres.run(gatewayRows))
    if (isDeepStrictEqual(rows, written)) return
    const remove = inherit.filter(field => !holds(rows, field))
    await changeGatewayCopy(store.client, { set: rows.values, remove })
    written = rows
  }
}

type Redis = Pick<Stores, "redis"> & Partial<Pick<Stores, "signal">>

/**
 * What is wrong with a database that is taken for a gateway's: it holds neither an access log nor a copy of the settings, so
 * what is written there would probably change nothing and look like success (contract, section 4). Undefined where nothing
 * is. Throws DeckError.
 */
export async function storeWithoutGateway(stores: Redis, store: GatewayStore): Promise<string | undefined> {
  const { gateways, names, client } = store
  const keys = [...gateways.map(({ stream }) => stream), GATEWAY_CONFIG]
  if ((await countPresent(client, keys, stores.signal)) > 0) return undefined
  const here = nameOf(placeOf(store.target))
  const found = await findLog(stores, gateways[0]).catch(() => undefined)
  const setting = redisSettingOf(names)
  const hint =
    found === undefined
      ? `check ${setting}, or give --first-write where the gateway never ran`
      : `the access log is in ${nameOf(found)}: name it in ${setting}`
  return `Redis ${here}${ofGateways(names)} holds neither the access log nor the gateway's copy of its settings; ${hint}`
}

/** The same, thrown as a DeckError "conflict". */
export async function refuseWithoutGateway(stores: Redis, store: GatewayStore): Promise<void> {
  const problem = await storeWithoutGateway(stores, store)
  if (problem !== undefined) throw new DeckError("conflict", problem)
}
