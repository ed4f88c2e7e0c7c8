import type { Gateway, RedisClient, RedisConnections, RedisTarget, Several } from "../../adapters/redis/connections.ts"
import { areOneDatabase } from "../../adapters/redis/endpoint.ts"
import { gatewaysTogether } from "../redis-database.ts"

/**
 * A Redis database that gateways take their settings and their buckets from: that of one, or of several that share it. What is
 * written there counts for all of them.
 */
export interface GatewayStore {
  readonly gateways: Several<Gateway>
  /** None where there is one gateway, which nobody named. */
  readonly names: readonly string[]
  readonly client: RedisClient
  readonly target: RedisTarget
}

/** Returns the databases of the gateways, in the order of these. */
export function gatewayStores({ gateways }: Pick<RedisConnections, "gateways">): Several<GatewayStore> {
  const [first, ...others] = gatewaysTogether(gateways, areOneDatabase).map(storeOf)
  return [first as GatewayStore, ...others]
}

const storeOf = (gateways: Several<Gateway>): GatewayStore => ({
  gateways,
  names: gateways.map(({ name }) => name).filter(name => name !== ""),
  client: gateways[0].client,
  target: gateways[0].redis,
})
