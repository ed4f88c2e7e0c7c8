import type { Place } from "../../adapters/history/history-row.ts"
import type { RedisConnections } from "../../adapters/redis/connections.ts"
import { readBack } from "../../adapters/redis/read-back.ts"
import { orderOfIds } from "../../adapters/redis/stream-ids.ts"
import { compileFilter, type Filter } from "../../domain/access-log-filter.ts"
import { filterSql } from "../../domain/access-log-filter-sql.ts"
import type { ResolvedUsers } from "../../domain/access-log-kinds.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { seamOf } from "./seam.ts"
import type { LogSources } from "./sources.ts"

/** Which entries are wanted, newest first. */
export interface Wanted {
  readonly filter: Filter
  readonly users: ResolvedUsers
  /** Only what is older: than an entry of the newest epoch that holds it, or than a place in an earlier one. */
  readonly before: string | Place | undefined
  /** The lowest and the highest id. */
  readonly downTo: string | undefined
  readonly upTo: string | undefined
  readonly limit: number
}

/** An entry that was found, with its epoch where that is not the stream's. */
interface Found {
  readonly entry: StreamEntry
  readonly epoch?: number
}

/** Writes where to read on after an entry: its id, or `EPOCH@ID` in an earlier epoch. */
export const cursorOf = ({ epoch, entry }: Found): string => (epoch === undefined ? entry.id : `${epoch}@${entry.id}`)

/** Reads what `cursorOf` wrote. */
export function placeIn(cursor: string | undefined): string | Place | undefined {
  const [epoch, id] = cursor?.split("@") ?? []
  return id === undefined ? cursor : { epoch: Number(epoch), id }
}

/**
 * Reads the stream back and goes on in the history where it ends, without an entry twice. Throws DeckError, "unavailable" where
 * the history is there and cannot be read.
 */
export async function readBackFrom(sources: LogSources, wanted: Wanted): Promise<Found[]> {
  const { before, limit } = wanted
  const { redis, signal } = sources
  if (typeof before === "object" || redis === undefined) return readPast(sources, wanted, before)
  const { found, oldest } = await readStream(redis, signal, wanted, before)
  if (found.length === limit) return found
  return [...found, ...(await readPast(sources, { ...wanted, limit: limit - found.length }, oldest))]
}

/** Reads the stream; `oldest` is the last entry that was looked at. */
async function readStream(
  redis: RedisConnections,
  signal: AbortSignal,
  { filter, users, downTo, upTo, limit }: Wanted,
  before: string | undefined,
): Promise<{ readonly found: Found[]; readonly oldest: string | undefined }> {
  const accepts = compileFilter(filter, users)
  const isWithin = upTo !== undefined && (before === undefined || orderOfIds(upTo, before) < 0)
  const range = { ...(isWithin ? { upTo } : before && { before }), ...(downTo && { downTo }) }
  const found: Found[] = []
  let oldest: string | undefined
  for await (const step of readBack(redis.gateways[0].client, redis.gateways[0].stream, range, signal)) {
    for (const entry of step) {
      oldest = entry.id
      if (accepts(entry) && found.push({ entry }) === limit) return { found, oldest }
    }
  }
  return { found, oldest }
}

/** Reads the history behind the `oldest` entry of the stream, or behind a place in an earlier epoch. */
async function readPast(
  { history, redis, signal }: LogSources,
  { filter, users, before, ...range }: Wanted,
  oldest: string | Place | undefined,
): Promise<Found[]> {
  const newest = await history?.newest()
  if (history === undefined || newest === undefined) return []
  const seam = redis && (await seamOf(redis, newest, signal))
  const { firstId } = seam?.info ?? {}
  const isAnother = seam?.isAnother ?? false
  // All that is wanted lay in the stream.
  if (firstId !== undefined && range.downTo !== undefined && orderOfIds(firstId, range.downTo) <= 0) return []
  const id = oldest === undefined ? before : typeof oldest === "string" && isAnother ? undefined : oldest
  const place = typeof id === "string" ? { epoch: newest.epoch, id } : id
  const where = filterSql(filter, users, history.dialect)
  const found: Found[] = []
  for await (const { rows } of history.pages({ ...range, where, entriesOnly: true, from: { before: place } }, signal)) {
    for (const row of rows) {
      if (row.kind !== "entry") continue
      const { epoch, entry } = row
      found.push({ entry, ...((isAnother || epoch !== newest.epoch) && { epoch }) })
    }
  }
  return found
}
