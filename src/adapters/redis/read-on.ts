import { StreamEntry } from "../../domain/stream-entry.ts"
import type { RedisClient } from "./connections.ts"
import { pairsOf } from "./read-back.ts"

const STEP_ENTRIES = 500

/** Reads the entries of stream `key` behind the id `after`, oldest first, in steps, to its present end. Throws DeckError. */
export async function* readOn(
  client: RedisClient,
  key: string,
  after: string,
  signal: AbortSignal,
): AsyncGenerator<StreamEntry[]> {
  for (let from = after; ; ) {
    const rows = await client.run(redis => redis.xrangeBuffer(key, `(${from}`, "+", "COUNT", STEP_ENTRIES), signal)
    const entries = rows.map(([id, fields]) => StreamEntry.from(id.toString("latin1"), pairsOf(fields)))
    if (entries.length > 0) yield entries
    if (rows.length < STEP_ENTRIES) return
    from = (entries.at(-1) as StreamEntry).id
  }
}
