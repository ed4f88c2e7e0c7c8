import type { RedisClient } from "./connections.ts"

/** Keys looked at in one step, a millisecond of a server's time, and how many steps there are at most, over all servers. */
const STEP = 1_000
const MOST_STEPS = 50

/**
 * Returns the names of keys that match `pattern`: of a database of more than 50 000 keys, those of a part of it. Throws
 * DeckError.
 */
export async function someKeys(client: RedisClient, pattern: string, signal: AbortSignal): Promise<string[]> {
  const found = new Set<string>()
  const servers = await client.servers(signal)
  const most = Math.ceil(MOST_STEPS / servers.length)
  for (const server of servers) {
    let cursor = "0"
    for (let step = 0; step < most; step++) {
      const [next, keys] = await server.run(redis => redis.scan(cursor, "MATCH", pattern, "COUNT", STEP), signal)
      for (const key of keys) found.add(key)
      cursor = next
      if (cursor === "0") break
    }
  }
  return [...found]
}
