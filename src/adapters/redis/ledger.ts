import type { StreamEntry } from "../../domain/stream-entry.ts"
import { Comparison } from "./comparison.ts"
import { Delivered } from "./delivered.ts"
import { type Failover, type FirstLook, failoverOf, gapOf, type Last } from "./failover.ts"
import type { Finding, Gap } from "./gap.ts"
import type { Server } from "./session.ts"
import { LOWEST_ID, orderOfIds, previousId } from "./stream-ids.ts"
import { goneFrom, type StreamInfo } from "./stream-info.ts"
import { back, type LedgerState, type StreamStart } from "./stream-start.ts"

export type { LedgerState, StreamStart } from "./stream-start.ts"

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
  private last: Last
  /** One that is yet to be told. */
  private failover: Failover | undefined
  private readonly delivered = new Delivered()

  /** `info` is the stream's state on `server`. */
  constructor(start: StreamStart, info: StreamInfo, server: Server = {}) {
    if (typeof start === "object" && "resume" in start) {
      const { cursor, accounted, settled, top, anchored, vanished, last, failover } = start.resume
      this.cursor = cursor
      this.accounted = accounted
      this.settled = settled
      this.top = top
      this.anchored = anchored
      this.vanished = vanished
      this.last = last
      this.failover = failover
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
    this.last = { info, ...server }
  }

  /** The accounts as they are now. */
  get state(): LedgerState {
    const { cursor, accounted, settled, top, anchored, vanished, last, failover } = this
    return { cursor, accounted, settled, top, anchored, vanished, last, ...(failover && { failover }) }
  }

  /** How to compare a server with what was delivered; undefined where it is the one of the last look, and was not restarted. */
  compare({ runId }: Server): Comparison | undefined {
    return runId !== undefined && runId === this.last.runId ? undefined : new Comparison(this.delivered, this.cursor)
  }

  /** Goes on with another server, or one that came back, which was compared. */
  goOn({ result }: Comparison, look: FirstLook): void {
    const { info, server } = look
    this.failover = failoverOf(this.last, this.accounted, look) ?? this.failover
    if (result === "another") {
      this.vanished = true
      return
    }
    // Where it cannot be compared, the counts alone tell whether it is another stream.
    if (result === "unknown") return
    if (result !== "all") {
      const missing = this.delivered.loseAfter(result.upTo)
      this.cursor = this.settled = result.upTo
      if (this.accounted !== undefined) this.accounted -= missing
    }
    this.top = this.cursor
    this.last = { info, ...server }
  }

  /**
   * Compares the accounts with the stream as it was when `count` entries after the cursor were read (`complete`: all
   * there were). When the cursor has changed afterwards, those entries do not follow it.
   */
  examine(info: StreamInfo, count: number, complete: boolean, server: Server = {}): Finding {
    const reset = info.exists && (this.vanished || this.isAnother(info, count, complete))
    if (reset && !this.vanished && this.isRolledBack(info, server.runId)) {
      this.rollBack(info)
      return this.found(info, server, false, this.failoverGap(info))
    }
    if (reset || (!info.exists && this.last.info.exists)) {
      // A missing key has nothing to read; its deletion is reported when the next stream begins.
      this.vanished = !info.exists
      const stale = reset && this.cursor !== LOWEST_ID
      this.reset(info)
      if (reset) this.failover = undefined
      if (stale) return this.found(info, server, true, undefined)
    }
    const [gap, failover] = [this.gapIn(info, count, complete), this.failoverGap(info)]
    return this.found(
      info,
      server,
      reset,
      gap && failover ? { ...failover, lost: gap.lost + failover.lost } : (gap ?? failover),
    )
  }

  /** Records that the consumer has these entries. */
  deliver(entries: readonly StreamEntry[]): void {
    const last = entries.at(-1)
    if (last === undefined) return
    this.cursor = last.id
    if (this.accounted !== undefined) this.accounted += entries.length
    this.delivered.add(entries)
  }

  /** Records that the consumer knows of this loss, found in `info`. */
  writeOff(gap: Gap, info: StreamInfo): void {
    const gone = goneFrom(info)
    const isTrimmed = orderOfIds(this.cursor, gone.upTo) < 0
    if (isTrimmed) this.cursor = this.settled = gone.upTo
    if (isTrimmed) this.accounted = gone.count
    // What a failover has lost was never counted by the server that is read now.
    else if (!gap.failover && this.accounted !== undefined) this.accounted += gap.lost
    this.failover = undefined
  }

  /** Records that everything counted by `info` was read. */
  settle(info: StreamInfo): void {
    const ahead = orderOfIds(this.cursor, info.lastId) > 0
    this.accounted = ahead ? undefined : info.added
    this.settled = ahead ? this.cursor : info.lastId
  }

  private found(info: StreamInfo, server: Server, reset: boolean, gap: Gap | undefined): Finding {
    this.last = { info, ...server }
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

  private failoverGap(info: StreamInfo): Gap | undefined {
    return this.failover && info.exists ? gapOf(this.failover, this.cursor, info) : undefined
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
    this.delivered.clear()
  }
}
