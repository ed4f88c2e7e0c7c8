import type { RedisClient } from "./connections.ts"

/**
 * Returns the texts under `keys`, null where there is none. One command a key, since the nodes of a Cluster share them; an MGET,
 * for which what is no text counts as absent. Throws DeckError.
 */
export async function valuesOf(
  client: RedisClient,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<(string | null)[]> {
  const found = await Promise.all(keys.map(key => client.run(redis => redis.mget(key), signal)))
  return found.map(([value = null]) => value)
}
