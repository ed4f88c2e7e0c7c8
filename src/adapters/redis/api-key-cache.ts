import type { RedisClient } from "./connections.ts"
import { apiKeyCacheKey } from "./keys.ts"

/** Deletes API keys, given by their SHA-256 in hex, from the API's cache, where the gateway looks for them too. */
export async function forgetApiKeys(api: RedisClient, hashes: readonly string[]): Promise<void> {
  await Promise.all(hashes.map(hash => api.run(redis => redis.del(apiKeyCacheKey(hash)))))
}
