import type { GatewayTarget, Several } from "../adapters/redis/connections.ts"
import type { RedisTarget } from "../adapters/redis/endpoint.ts"
import { DeckError } from "../domain/errors.ts"
import { labelOf, type Origins } from "./origins.ts"
import type { Settings } from "./settings.ts"

/**
 * Returns the gateways: those that are listed, or the one without a name. What one of them does not say is as the settings
 * `gatewayRedisUrl` and `stream` have it. Throws DeckError `usage` for an option that none of them goes by.
 */
export function gatewaysOf(
  { gateways, stream }: Settings,
  origins: Origins,
  usualUrl: () => string,
  reached: (url: string) => RedisTarget,
): Several<GatewayTarget> {
  if (gateways === undefined) return [{ name: "", redis: reached(usualUrl()), stream }]
  for (const [name, member] of [
    ["gatewayRedisUrl", "redisUrl"],
    ["stream", "stream"],
  ] as const) {
    if (origins[name]?.rank !== 0 || gateways.some(gateway => gateway[member] === undefined)) continue
    throw new DeckError(
      "usage",
      `${labelOf(name, origins)}: each of the gateways has its own ${member} (${labelOf("gateways", origins)})`,
    )
  }
  const [first, ...others] = gateways.map(gateway => ({
    name: gateway.name,
    redis: reached(gateway.redisUrl ?? usualUrl()),
    stream: gateway.stream ?? stream,
  }))
  return [first as GatewayTarget, ...others]
}

/** The names of the gateways, as `gatewaysOf` has them. */
export const gatewayNames = ({ gateways }: Settings): readonly { readonly name: string }[] => gateways ?? [{ name: "" }]
