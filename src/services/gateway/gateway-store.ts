import type { Gateway, RedisClient, RedisConnections, RedisTarget, Several } from "../../adapters/redis/connections.ts"
import { areOneDatabase } from "../../adapters/redis/endpoint.ts"

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
  const groups: Gateway[][] = []
  for (const gateway of gateways) {
    const shared = groups.find(([first]) => first !== undefined && areOneDatabase(first.redis, gateway.redis))
    if (shared === undefined) groups.push([gateway])
    else shared.push(gateway)
  }
  const [first, ...others] = groups.map(group => storeOf(group as [Gateway, ...Gateway[]]))
  return [first as GatewayStore, ...others]
}

const storeOf = (gateways: Several<Gateway>): GatewayStore => ({
  gateways,
  names: gateways.map(({ name }) => name).filter(name => name !== ""),
  client: gateways[0].client,
  target: gateways[0].redis,
})

/** Says whose something is: ` of eu, us`; nothing of the one gateway that nobody named. */
export const ofGateways = (names: readonly string[]): string => (names.length === 0 ? "" : ` of ${names.join(", ")}`)

/** The setting that says where the Redis of these gateways is. */
export const settingOfStore = ({ names }: Pick<GatewayStore, "names">): string =>
  names.length === 0 ? "GATEWAY_REDIS_URL" : `the redisUrl${ofGateways(names)}`
