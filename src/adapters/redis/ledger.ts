import { parseStreamId, type StreamEntry } from "../../domain/stream-entry.ts"
import { LOWEST_ID, orderOfIds, previousId } from "./stream-ids.ts"
import type { StreamInfo } from "./stream-info.ts"

/**
 * Where to begin: behind the newest entry, behind an entry already had, at an id (inclusive), or so many milliseconds
 * before the newest entry, but later where that would be more than about `most` entries.
 */
export type StreamStart = "end" | { after: string } | { from: string } | { backMs: number; most: number }

/** Entries that were added but can be had no more. */
export interface Gap {
  /** How many; 0 where that cannot be known (before Redis 7, or where the reading began midway). */
  readonly lost: number
  /** The last id before, and the first after the loss. */
  readonly from: string
  readonly to: string
  /** False when single entries were deleted, or nothing but the possibility of a loss is known. */
  readonly exact: boolean
}

/** What one look at the stream brings to light, in this order. */
export interface Finding {
  /** It is not the stream that was read so far: deleted, and made anew. */
  readonly reset: boolean
  readonly gap: Gap | undefined
}

/**
 * The books of one reader: up to where it has read, and whether all that was ever added is either delivered or told as
 * lost. Everything rests on what Redis counts: `added` minus `length` are gone, and trimming takes the oldest first.
 */
export class StreamLedger {
  /** The id behind which to read on. */
  cursor: string
  /** Of all ever added, how many are delivered or told as lost: those up to `cursor`. Undefined where not known. */
  private accounted: number | undefined
  /** Up to here the books were last found to be right. */
  private settled: string
  /** The highest id known to have been given: a stream whose ids are all lower is another. */
  private top: string
  /** Was something before the first entry asked for, or read? Else what is gone by the first look is no loss. */
  private anchored: boolean
  /** The key was seen to be gone: what comes next is another stream. */
  private vanished = false
  /** The look before, and which server that was. */
  private last: { info: StreamInfo; runId: string | undefined }

  /** `info` is the stream's state on the server that `runId` tells from others. */
  constructor(start: StreamStart, info: StreamInfo, runId: string | undefined) {
    if (start === "end") {
      this.cursor = info.lastId
      this.accounted = info.added
    } else if ("after" in start) {
      this.cursor = start.after
    } else if ("from" in start) {
      this.cursor = previousId(start.from)
    } else {
      this.cursor = back(start, info)
    }
    this.anchored = start === "end" || ("after" in start && start.after !== LOWEST_ID)
    this.top = this.anchored ? this.cursor : LOWEST_ID
    this.settled = this.cursor
    this.last = { info, runId }
  }

  /**
   * Compares the books with the stream as it was when `count` entries behind the cursor were read (`complete`: all
   * there were). When the cursor is another afterwards, those entries are not what follows it.
   */
  examine(info: StreamInfo, count: number, complete: boolean, runId: string | undefined): Finding {
    const reset = info.exists && (this.vanished || this.isAnother(info, count, complete))
    if (reset && !this.vanished && this.isRolledBack(info, runId)) {
      this.rollBack(info)
      return this.found(info, runId, false, undefined)
    }
    if (reset || (!info.exists && this.last.info.exists)) {
      // A missing key has nothing to read; that it was deleted shows when the next stream begins.
      this.vanished = !info.exists
      const stale = reset && this.cursor !== LOWEST_ID
      this.beginAnew(info)
      if (stale) return this.found(info, runId, true, undefined)
    }
    return this.found(info, runId, reset, this.gapIn(info, count, complete))
  }

  /** The consumer has these entries. */
  deliver(entries: readonly StreamEntry[]): void {
    const last = entries.at(-1)
    if (last === undefined) return
    this.cursor = last.id
    if (this.accounted !== undefined) this.accounted += entries.length
  }

  /** The consumer knows of this loss, found in `info`. */
  writeOff(gap: Gap, info: StreamInfo): void {
    const gone = goneFrom(info)
    if (orderOfIds(this.cursor, gone.upTo) < 0) this.cursor = this.settled = gone.upTo
    this.accounted = this.accounted === undefined ? gone.count : this.accounted + gap.lost
  }

  /** All that `info` counts was read. */
  settle(info: StreamInfo): void {
    const ahead = orderOfIds(this.cursor, info.lastId) > 0
    this.accounted = ahead ? undefined : info.added
    this.settled = ahead ? this.cursor : info.lastId
  }

  private found(info: StreamInfo, runId: string | undefined, reset: boolean, gap: Gap | undefined): Finding {
    this.last = { info, runId }
    if (orderOfIds(info.lastId, this.top) > 0) this.top = info.lastId
    return { reset, gap }
  }

  private gapIn(info: StreamInfo, count: number, complete: boolean): Gap | undefined {
    const gone = goneFrom(info)
    const from = this.cursor
    const to = info.firstId ?? info.lastId
    const { anchored } = this
    this.anchored = true
    if (orderOfIds(from, gone.upTo) < 0) {
      if (!anchored) this.accounted = gone.count
      else if (this.accounted === undefined) return { lost: 0, from, to, exact: false }
      const lost = (gone.count ?? 0) - (this.accounted ?? 0)
      return lost > 0 ? { lost, from, to, exact: orderOfIds(info.maxDeletedId, from) <= 0 } : undefined
    }
    // Nothing was trimmed, so if there are fewer than there should be, single ones were deleted.
    const lost = complete ? (info.added ?? 0) - (this.accounted ?? Number.POSITIVE_INFINITY) - count : 0
    return lost > 0 ? { lost, from: this.settled, to: info.lastId, exact: false } : undefined
  }

  /** Nothing that XINFO counts ever goes backwards in one stream, nor does it add up to less than was read. */
  private isAnother(info: StreamInfo, count: number, complete: boolean): boolean {
    const { accounted, cursor, last } = this
    const { added } = info
    const gone = goneFrom(info)
    if (orderOfIds(info.lastId, this.top) < 0) return true
    if (info.firstId && last.info.firstId && orderOfIds(info.firstId, last.info.firstId) < 0) return true
    if (added === undefined || gone.count === undefined) return false
    if (last.info.added !== undefined && added < last.info.added) return true
    if (gone.count < (goneFrom(last.info).count ?? 0)) return true
    if (accounted === undefined) return false
    return complete ? added < accounted + count : orderOfIds(cursor, gone.upTo) <= 0 && gone.count < accounted
  }

  /**
   * A server that came back without its last writes, after a crash or as a replica of the one before, has an older state
   * of the same stream: what was had is not to be told again. It is the same when its oldest entry has the number
   * that belongs to it.
   */
  private isRolledBack(info: StreamInfo, runId: string | undefined): boolean {
    const { last, cursor } = this
    if (runId === undefined || last.runId === undefined || runId === last.runId) return false
    const before = goneFrom(last.info).count
    const now = goneFrom(info).count
    if (before === undefined || now === undefined || info.firstId === undefined || last.info.firstId === undefined) {
      return false
    }
    if (orderOfIds(info.firstId, cursor) > 0) return false
    return Math.sign(now - before) === Math.sign(orderOfIds(info.firstId, last.info.firstId))
  }

  private rollBack(info: StreamInfo): void {
    this.top = info.lastId
    this.accounted = undefined
    if (orderOfIds(info.lastId, this.cursor) < 0) {
      this.cursor = this.settled = info.lastId
      this.accounted = info.added
    }
  }

  private beginAnew(info: StreamInfo): void {
    this.cursor = this.settled = this.top = LOWEST_ID
    this.accounted = info.added === undefined ? undefined : 0
    this.anchored = this.accounted !== undefined
  }
}

/** How many entries are gone from the stream (undefined before Redis 7), and the id up to which all are. */
function goneFrom(info: StreamInfo): { count: number | undefined; upTo: string } {
  return {
    count: info.added === undefined ? undefined : info.added - info.length,
    upTo: info.firstId === undefined ? info.lastId : previousId(info.firstId),
  }
}

/** Behind which id the last `backMs` of the stream begin, or its last entries where that would be more than `most`. */
function back({ backMs, most }: { backMs: number; most: number }, { firstId, lastId, length }: StreamInfo): string {
  const [last] = parseStreamId(lastId)
  const span = firstId === undefined ? 0 : last - parseStreamId(firstId)[0]
  // As if they came evenly: which entry is the first of them is nothing that Redis could be asked without reading all.
  const ofMost = length > most ? Math.ceil((span * most) / length) : backMs
  return `${Math.max(0, last - Math.min(backMs, ofMost))}-0`
}
