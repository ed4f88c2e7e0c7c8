import type { GatewayTarget } from "../adapters/redis/connections.ts"
import { FEW, fewNames } from "../domain/few-names.ts"

/** Names that are listed at most where there is little room. */
export const IN_BRIEF = 2

/** Says whose something is: ` of eu, us and 14 more`; nothing of the one gateway that nobody named. */
export function ofGateways(names: readonly string[], most = FEW): string {
  const named = names.filter(name => name !== "")
  return named.length === 0 ? "" : ` of ${fewNames(named.slice(0, most), named.length)}`
}

/** The setting that says where the Redis of these gateways is. */
export function redisSettingOf(names: readonly string[]): string {
  const whose = ofGateways(names)
  return whose === "" ? "GATEWAY_REDIS_URL" : `the redisUrl${whose}`
}

/** The setting that names the stream of a gateway, beside that of its Redis. */
export const streamSettingOf = ({ name }: Pick<GatewayTarget, "name">): string =>
  name === "" ? "--stream" : "its stream"
