import { parseStreamId, type StreamEntry } from "../../domain/stream-entry.ts"
import { LOWEST_ID, orderOfIds, previousId } from "./stream-ids.ts"
import type { StreamInfo } from "./stream-info.ts"

/**
 * Position to begin at: after the newest entry, after an entry already read, at an id (inclusive), a number of
 * milliseconds before the newest entry, but later where that would be more than about `most` entries, or where an earlier
 * reader ended, with its accounts.
 */
export type StreamStart = "end" | { after: string } | { from: string } | { backMs: number; most: number } | Resume

interface Resume {
  readonly resume: LedgerState
}

/** Accounts of a reader, for one that goes on later, maybe in another process: plain data that survives JSON. */
export interface LedgerState {
  readonly cursor: string
  readonly accounted?: number | undefined
  readonly settled: string
  readonly top: string
  readonly anchored: boolean
  readonly vanished: boolean
  readonly last: { readonly info: StreamInfo; readonly runId?: string | undefined }
}

/** Entries that were added but can no longer be read. */
export interface Gap {
  /** Number of lost entries; 0 where that cannot be known (before Redis 7, or where reading began midway). */
  readonly lost: number
  /** Id of the last entry before the loss, and of the first after it. */
  readonly from: string
  readonly to: string
  /** False when single entries were deleted, or when only the possibility of a loss is known. */
  readonly exact: boolean
}

/** Result of one look at the stream, in this order. */
export interface Finding {
  /** The stream was deleted and made anew. */
  readonly reset: boolean
  readonly gap: Gap | undefined
}

/**
 * Accounts of one reader: its position, and whether every entry ever added was delivered or reported lost. Based on
 * Redis's own counts: `added` minus `length` are gone, and trimming removes the oldest first.
 */
export class StreamLedger {
  /** The id to read on after. */
  cursor: string
  /** Number of all entries ever added up to `cursor`; undefined where not known. */
  private accounted: number | undefined
  /** The id up to which the accounts were last found correct. */
  private settled: string
  /** The highest id known to have been assigned: a stream with only lower ids is another stream. */
  private top: string
  /** Whether an entry came before the first one read. If not, entries gone by the first look are no loss. */
  private anchored: boolean
  /** The key was missing: what comes next is another stream. */
  private vanished = false
  /** State at the previous look, and the server it came from. */
  private last: { info: StreamInfo; runId: string | undefined }

  /** `info` is the stream's state; `runId` identifies its server. */
  constructor(start: StreamStart, info: StreamInfo, runId: string | undefined) {
    if (typeof start === "object" && "resume" in start) {
      const { cursor, accounted, settled, top, anchored, vanished, last } = start.resume
      this.cursor = cursor
      this.accounted = accounted
      this.settled = settled
      this.top = top
      this.anchored = anchored
      this.vanished = vanished
      this.last = { info: last.info, runId: last.runId }
      return
    }
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

  /** The accounts as they are now. */
  get state(): LedgerState {
    const { cursor, accounted, settled, top, anchored, vanished, last } = this
    return { cursor, accounted, settled, top, anchored, vanished, last }
  }

  /**
   * Compares the accounts with the stream as it was when `count` entries after the cursor were read (`complete`: all
   * there were). When the cursor has changed afterwards, those entries do not follow it.
   */
  examine(info: StreamInfo, count: number, complete: boolean, runId: string | undefined): Finding {
    const reset = info.exists && (this.vanished || this.isAnother(info, count, complete))
    if (reset && !this.vanished && this.isRolledBack(info, runId)) {
      this.rollBack(info)
      return this.found(info, runId, false, undefined)
    }
    if (reset || (!info.exists && this.last.info.exists)) {
      // A missing key has nothing to read; its deletion is reported when the next stream begins.
      this.vanished = !info.exists
      const stale = reset && this.cursor !== LOWEST_ID
      this.reset(info)
      if (stale) return this.found(info, runId, true, undefined)
    }
    return this.found(info, runId, reset, this.gapIn(info, count, complete))
  }

  /** Records that the consumer has these entries. */
  deliver(entries: readonly StreamEntry[]): void {
    const last = entries.at(-1)
    if (last === undefined) return
    this.cursor = last.id
    if (this.accounted !== undefined) this.accounted += entries.length
  }

  /** Records that the consumer knows of this loss, found in `info`. */
  writeOff(gap: Gap, info: StreamInfo): void {
    const gone = goneFrom(info)
    if (orderOfIds(this.cursor, gone.upTo) < 0) this.cursor = this.settled = gone.upTo
    this.accounted = this.accounted === undefined ? gone.count : this.accounted + gap.lost
  }

  /** Records that everything counted by `info` was read. */
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
    // Nothing was trimmed, so fewer entries than expected means that single ones were deleted.
    const lost = complete ? (info.added ?? 0) - (this.accounted ?? Number.POSITIVE_INFINITY) - count : 0
    return lost > 0 ? { lost, from: this.settled, to: info.lastId, exact: false } : undefined
  }

  /** Within one stream no count of XINFO ever decreases, nor do they add up to less than was read. */
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
   * Whether a server lost its last writes, after a crash or as a promoted replica, and has an older state of the same
   * stream: entries already read are not to be reported again. It is the same stream when its oldest entry has the
   * number that belongs to it.
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

  private reset(info: StreamInfo): void {
    this.cursor = this.settled = this.top = LOWEST_ID
    this.accounted = info.added === undefined ? undefined : 0
    this.anchored = this.accounted !== undefined
  }
}

/** Returns how many entries are gone from the stream (undefined before Redis 7), and the id up to which all are. */
function goneFrom(info: StreamInfo): { count: number | undefined; upTo: string } {
  return {
    count: info.added === undefined ? undefined : info.added - info.length,
    upTo: info.firstId === undefined ? info.lastId : previousId(info.firstId),
  }
}

/** The id after which the last `backMs` of the stream begin, or its last `most` entries where these are fewer. */
function back({ backMs, most }: { backMs: number; most: number }, { firstId, lastId, length }: StreamInfo): string {
  const [last] = parseStreamId(lastId)
  const span = firstId === undefined ? 0 : last - parseStreamId(firstId)[0]
  // Assumes evenly spaced entries: Redis cannot tell which entry is the first of them without reading all.
  const ofMost = length > most ? Math.ceil((span * most) / length) : backMs
  return `${Math.max(0, last - Math.min(backMs, ofMost))}-0`
}
