import { loggedAt } from "./logged-at.ts"
import { spanOf } from "./span.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** How far an id may be ahead of Redis's clock, in ms, before it is not believed, and told. */
export const AHEAD_MS = 5_000

/** What is told of ids that are `ms` ahead. */
export const aheadText = (ms: number): string =>
  `the log's ids are ${spanOf(ms)} ahead of Redis's clock: requests count as they arrive`

/** What is told of a gateway whose entries come `ms` later than those of others that are older. */
export const lateText = (ms: number): string =>
  `its requests that follow are up to ${spanOf(ms)} older than those above: it was out of reach, or its clock is behind`

/** The clocks at one reading of the stream, in milliseconds. */
export interface ClockReading {
  /** Redis's, since the epoch; undefined where it may not be asked. */
  readonly server: number | undefined
  /** This host's, since the epoch. */
  readonly host: number
  /** This host's, since any moment: it is never set, and may stand still while the host sleeps. */
  readonly steady: number
}

/**
 * The stream's time, and the time at which each entry counts for rates, windows, bars and alerts (`StreamEntry.at`). The
 * one rule: **an entry counts at the time of its id, but not before the stream was last read to its end, and not after it
 * was read.** So what is read live counts as it arrives, whatever its id says: after one id from the future Redis gives
 * that millisecond to every entry until its clock has passed it. Where much is read at once, as at the start, an id that
 * is ahead gives way to the entry's `ts`. Entries count in the order of the stream.
 *
 * Ids are made by Redis's clock, so that is what they are compared with. Where it is set, the time here goes on evenly; a
 * host that slept, or whose own clock was set, is no such case.
 */
export class StreamClock {
  /** The stream's time at the last reading, in ms since the epoch. */
  now = 0
  /** The stream's time minus Redis's. */
  private shift = 0
  private last: (ClockReading & { readonly server: number }) | undefined
  /** The next entry counts at this time or later. */
  private floor = Number.NEGATIVE_INFINITY
  private isAhead = false
  private isServers = false

  /** Begins a reading, whose entries follow. */
  read({ host, steady, ...reading }: ClockReading): void {
    const { last } = this
    const server = reading.server ?? (last === undefined ? host : last.server + steady - last.steady)
    if (last !== undefined) {
      const passed = server - last.server
      const isEven = [steady - last.steady, host - last.host].some(other => Math.abs(passed - other) < AHEAD_MS)
      if (!isEven) this.shift += steady - last.steady - passed
    }
    this.last = { server, host, steady }
    this.isServers = reading.server !== undefined
    this.now = server + this.shift
  }

  /**
   * Sets the time at which `entry` counts. Returns by how much its id is ahead of the clock, in ms, where that is to be
   * told: at the first of such entries, where Redis was asked for its time.
   */
  stamp(entry: StreamEntry): number | undefined {
    const { now, floor } = this
    let at = entry.ms + this.shift
    let told: number | undefined
    const ahead = at - now
    if (ahead > AHEAD_MS) {
      at = loggedAt(entry) ?? now
      if (!this.isAhead && this.isServers) told = ahead
      this.isAhead = true
    } else this.isAhead = false
    if (at > now) at = now
    entry.at = this.floor = at < floor ? floor : at
    return told
  }

  /** The reading had all there was: what comes later was written later. */
  readToEnd(): void {
    if (this.now > this.floor) this.floor = this.now
  }

  /** The stream was made anew, perhaps of old entries. */
  restart(): void {
    this.floor = Number.NEGATIVE_INFINITY
    this.isAhead = false
  }
}

/**
 * Sets when each of `entries` counts, newest first, that were read back from an entry that counts at `at`; returns when the
 * oldest of them does.
 */
export function stampBack(entries: readonly StreamEntry[], at: number): number {
  for (const entry of entries) {
    const time = entry.ms - at > AHEAD_MS ? (loggedAt(entry) ?? at) : entry.ms
    at = entry.at = Math.min(time, at)
  }
  return at
}
