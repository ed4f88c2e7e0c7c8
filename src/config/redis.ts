import type { RedisTarget } from "../adapters/redis/endpoint.ts"
import { DeckError } from "../domain/errors.ts"
import { labelOf, type Origins } from "./origins.ts"
import { requirePrivate, requireText } from "./secret-file.ts"
import { passwordOf } from "./secret-setting.ts"
import type { Settings } from "./settings.ts"

/**
 * Returns how the Redis of a URL is reached: with the authority, the client's certificate and the Sentinels' account of the
 * settings. Throws DeckError `usage` where a file cannot be used.
 */
export function redisReach(settings: Settings, origins: Origins): (url: string) => RedisTarget {
  const { redisCa, redisCert, redisKey, sentinelUser } = settings
  if ((redisCert === undefined) !== (redisKey === undefined)) {
    const [given, missing] = redisCert === undefined ? (["redisKey", "cert"] as const) : (["redisCert", "key"] as const)
    throw new DeckError(
      "usage",
      `${labelOf(given, origins)}: also needs --redis-${missing}: certificate and key are a pair`,
    )
  }
  const pem = (name: "redisCa" | "redisCert" | "redisKey", path: string) => requireText(path, labelOf(name, origins))
  if (redisKey !== undefined) {
    pem("redisKey", redisKey)
    requirePrivate(redisKey, labelOf("redisKey", origins))
  }
  const sentinelPassword = passwordOf("sentinelPassword", settings, origins)
  const reach = {
    ...(redisCa !== undefined && { ca: pem("redisCa", redisCa) }),
    ...(redisCert !== undefined && { cert: pem("redisCert", redisCert) }),
    ...(redisKey !== undefined && { key: pem("redisKey", redisKey) }),
    ...(sentinelUser !== undefined && { sentinelUser }),
    ...(sentinelPassword !== "" && { sentinelPassword }),
  }
  return url => ({ url, ...reach })
}
