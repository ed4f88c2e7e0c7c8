import { setTimeout as sleep } from "node:timers/promises"
import type { RedisClient } from "../../adapters/redis/connections.ts"
import { tokenMarkKey } from "../../adapters/redis/keys.ts"

const EVERY_MS = 1_000

/** The `userIds` with a mark in the API's database (contract, section 4), kept up to date until `signal` fires. */
export function watchEndedSessions(
  api: RedisClient,
  userIds: readonly string[],
  signal: AbortSignal,
): ReadonlySet<string> {
  const ended = new Set<string>()
  const keys = userIds.map(tokenMarkKey)
  const read = async () => {
    const marks = await api.run(redis => redis.mget(keys), signal)
    ended.clear()
    for (const [i, userId] of userIds.entries()) if (typeof marks[i] === "string") ended.add(userId)
  }
  const watch = async () => {
    while (!signal.aborted) {
      // While Redis is away, the last known state stays.
      await read().catch(() => {})
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
    }
  }
  void watch()
  return ended
}
