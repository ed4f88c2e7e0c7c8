import type { Place } from "../../adapters/history/history-row.ts"
import type { Gateway } from "../../adapters/redis/connections.ts"
import { readBackOf } from "../../adapters/redis/read-log-back.ts"
import { orderOfIds } from "../../adapters/redis/stream-ids.ts"
import { compileFilter, type Filter } from "../../domain/access-log-filter.ts"
import { filterSql } from "../../domain/access-log-filter-sql.ts"
import type { ResolvedUsers } from "../../domain/access-log-kinds.ts"
import { comesBeforeOther, type Dated } from "../../domain/entry-name.ts"
import { DeckError } from "../../domain/errors.ts"
import { endOf, readCursor, writePlaces } from "../../domain/log-cursor.ts"
import { mergedSteps } from "../../domain/merged-steps.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { seamOf } from "./seam.ts"
import { type GatewayLog, type LogSources, type Unread, unreadError } from "./sources.ts"

/** Which entries are wanted, newest first. */
interface Wanted {
  readonly filter: Filter
  readonly users: ResolvedUsers
  /** The lowest and the highest id. */
  readonly downTo: string | undefined
  readonly upTo: string | undefined
  readonly limit: number
}

/** Wanted of one gateway: only what is older than an entry of the newest epoch that holds it, or than a place in an earlier one. */
interface WantedOfOne extends Wanted {
  readonly before: string | Place | undefined
}

/** An entry that was found, with its epoch where that is not the stream's. */
interface Found {
  readonly entry: StreamEntry
  readonly epoch?: number
}

/** What was found, newest first, and how a cursor behind the first ones of it is written. */
interface Page {
  readonly found: readonly Found[]
  cursorBehind(shown: readonly Found[]): string
}

/**
 * Reads the logs of some gateways back, merged by milliseconds, gateway, id (contract, section 10), without an entry twice; `before` is
 * what `cursorBehind` wrote. Throws DeckError: "unavailable" where one cannot be read, "invalid" for an id where there are several.
 */
export async function readBackFromAll(
  { logs, signal }: LogSources,
  wanted: Wanted,
  before: string | undefined,
): Promise<Page> {
  const cursor = before === undefined ? new Map<string, string>() : readCursor(before)
  const [, ...others] = logs
  if (typeof cursor === "string" && others.length > 0) {
    const message = "an id is one gateway's: say which with --gateway, or give what next_before said"
    throw new DeckError("invalid", message, { field: "before" })
  }
  const pageEnd = cursor instanceof Map ? endOf(cursor) : undefined
  // One that the profile has since the page was read goes on where that ended.
  const placeFor = (name: string) =>
    typeof cursor === "string" ? cursor : (cursor?.get(name) ?? (pageEnd && firstBehind(pageEnd, name)))
  const unread: Unread[] = []
  const read = await Promise.all(
    logs.map(async (log): Promise<Found[]> => {
      const { name } = log
      return readBackFrom(log, { ...wanted, before: placeIn(placeFor(name)) }, signal).catch(error => {
        if (others.length === 0) throw error
        unread.push({ name, error })
        return []
      })
    }),
  )
  if (unread.length > 0) throw unreadError(unread, logs)
  // Each keeps its own order, in which the ids of an earlier epoch may be higher than those before them.
  const isLater = ({ entry: one }: Found, { entry: other }: Found) => comesBeforeOther(other, one)
  const found: Found[] = []
  for await (const step of mergedSteps(read.map(asSteps), isLater)) found.push(...step)
  return {
    found: found.slice(0, wanted.limit),
    cursorBehind(shown) {
      const end = shown.at(-1)
      if (end === undefined) return before ?? ""
      if (others.length === 0) return cursorOf(end)
      const placeBehind = (name: string) => {
        const last = shown.findLast(({ entry }) => entry.gateway === name)
        // What a gateway writes after this page was read is not to come behind it.
        return last === undefined ? (placeFor(name) ?? firstBehind(end.entry, name)) : cursorOf(last)
      }
      return writePlaces(new Map(logs.map(({ name }) => [name, placeBehind(name)])))
    },
  }
}

async function* asSteps(found: Found[]): AsyncGenerator<Found[]> {
  yield found
}

/** The id before which all of a gateway's entries stand behind what is of another one. */
const firstBehind = ({ ms, gateway }: Dated, name: string) => `${ms + (name < gateway ? 1 : 0)}-0`

/** Writes where to read on after an entry: its id, or `EPOCH@ID` in an earlier epoch. */
const cursorOf = ({ epoch, entry }: Found): string => (epoch === undefined ? entry.id : `${epoch}@${entry.id}`)

/** Reads what `cursorOf` wrote. */
function placeIn(cursor: string | undefined): string | Place | undefined {
  const [epoch, id] = cursor?.split("@") ?? []
  return id === undefined ? cursor : { epoch: Number(epoch), id }
}

/**
 * Reads the stream back and goes on in the history where it ends, without an entry twice. Throws DeckError, "unavailable" where
 * the history is there and cannot be read.
 */
async function readBackFrom(log: GatewayLog, wanted: WantedOfOne, signal: AbortSignal): Promise<Found[]> {
  const { before, limit } = wanted
  const { gateway } = log
  if (typeof before === "object" || gateway === undefined) return readPast(log, wanted, before, signal)
  const { found, oldest } = await readStream(gateway, signal, wanted, before)
  if (found.length === limit) return found
  return [...found, ...(await readPast(log, { ...wanted, limit: limit - found.length }, oldest, signal))]
}

/** Reads the stream; `oldest` is the last entry that was looked at. */
async function readStream(
  gateway: Gateway,
  signal: AbortSignal,
  { filter, users, downTo, upTo, limit }: Wanted,
  before: string | undefined,
): Promise<{ readonly found: Found[]; readonly oldest: string | undefined }> {
  const accepts = compileFilter(filter, users)
  const isWithin = upTo !== undefined && (before === undefined || orderOfIds(upTo, before) < 0)
  const range = { ...(isWithin ? { upTo } : before && { before }), ...(downTo && { downTo }) }
  const found: Found[] = []
  let oldest: string | undefined
  for await (const step of readBackOf(gateway, range, signal)) {
    for (const entry of step) {
      oldest = entry.id
      if (accepts(entry) && found.push({ entry }) === limit) return { found, oldest }
    }
  }
  return { found, oldest }
}

/** Reads the history behind the `oldest` entry of the stream, or behind a place in an earlier epoch. */
async function readPast(
  { history, gateway }: GatewayLog,
  { filter, users, before, ...range }: WantedOfOne,
  oldest: string | Place | undefined,
  signal: AbortSignal,
): Promise<Found[]> {
  const newest = await history?.newest()
  if (history === undefined || newest === undefined) return []
  const seam = gateway && (await seamOf(gateway, newest, signal))
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
