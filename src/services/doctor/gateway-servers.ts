import type { Gateway, RedisConnections, Several } from "../../adapters/redis/connections.ts"
import { areOneServer } from "../../adapters/redis/endpoint.ts"
import { IN_BRIEF, ofGateways, redisSettingOf } from "../gateway-names.ts"
import { gatewaysTogether } from "../redis-database.ts"
import { type RedisChecks, redisChecks } from "./redis-checks.ts"

/** A Redis server that gateways write to, and its checks: several streams in one Redis are in one place. */
export interface GatewayServer extends RedisChecks {
  readonly gateways: Several<Gateway>
}

/** Returns the servers of the gateways, in the order of these. */
export function gatewayServers({ gateways }: Pick<RedisConnections, "gateways">): GatewayServer[] {
  const servers = gatewaysTogether(gateways, areOneServer)
  return servers.map(together => serverOf(together, servers.length > 1))
}

function serverOf(gateways: Several<Gateway>, isOneOfSeveral: boolean): GatewayServer {
  const [{ client, redis: target }] = gateways
  const names = gateways.map(({ name }) => name)
  const checks = redisChecks({
    database: "gateway",
    setting: redisSettingOf(names),
    whose: isOneOfSeveral ? ofGateways(names, IN_BRIEF) : "",
    streams: gateways.map(({ stream }) => stream),
    server: () => ({ client, target }),
  })
  return { ...checks, gateways }
}

/** The server that there is; of several, one that is out of reach does not keep the others from being asked. */
export const onlyOne = (servers: readonly GatewayServer[]) => (servers.length === 1 ? servers : [])
