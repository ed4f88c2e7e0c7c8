import type { GatewayTarget, RedisTarget, Several } from "../adapters/redis/connections.ts"

/** Returns the gateways together that have one Redis, in their order. */
export function gatewaysTogether<Any extends GatewayTarget>(
  gateways: readonly Any[],
  haveOne: (one: RedisTarget, other: RedisTarget) => boolean,
): Several<Any>[] {
  const groups: [Any, ...Any[]][] = []
  for (const gateway of gateways) {
    const group = groups.find(([first]) => haveOne(first.redis, gateway.redis))
    if (group === undefined) groups.push([gateway])
    else group.push(gateway)
  }
  return groups
}
