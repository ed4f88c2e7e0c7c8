import { StreamEntry } from "../../domain/stream-entry.ts"
import type { RedisClient } from "./connections.ts"
import { previousId } from "./stream-ids.ts"

/** Limits of one step, approximate since entries differ in size. */
const STEP_ENTRIES = 1_000
const STEP_BYTES = 4 << 20
/** Small, since the size of entries is not known yet, and a page of the default size has to be quick. */
const FIRST_STEP = 64

export interface Range {
  /** Start below this id (exclusive); wins over `upTo`. */
  before?: string
  /** Start at this id (inclusive). Default: the newest. */
  upTo?: string
  /** End at this id (inclusive). Default: the oldest. */
  downTo?: string
}

/** Reads the entries of stream `key`, newest first, in steps of bounded size. Throws DeckError. */
export async function* readBack(
  client: RedisClient,
  key: string,
  range: Range,
  signal: AbortSignal,
): AsyncGenerator<StreamEntry[]> {
  const downTo = range.downTo ?? "-"
  let upTo = range.before === undefined ? (range.upTo ?? "+") : previousId(range.before)
  for (let count = FIRST_STEP; ; ) {
    const rows = await client.run(redis => redis.xrevrangeBuffer(key, upTo, downTo, "COUNT", count), signal)
    const entries = rows.map(([id, fields]) => StreamEntry.from(id.toString("latin1"), pairsOf(fields)))
    if (entries.length > 0) yield entries
    const oldest = rows.at(-1)
    if (oldest === undefined || rows.length < count) return
    upTo = previousId(oldest[0].toString("latin1"))
    const bytes = entries.reduce((sum, entry) => sum + entry.size, 0)
    count = Math.max(1, Math.min(STEP_ENTRIES, Math.floor((STEP_BYTES * entries.length) / bytes)))
  }
}

export function pairsOf(fields: readonly Buffer[]): [name: Buffer, value: Buffer][] {
  return Array.from({ length: fields.length >> 1 }, (_, i) => [fields[2 * i] as Buffer, fields[2 * i + 1] as Buffer])
}
