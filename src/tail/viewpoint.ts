import { Finder } from "./finder.ts"
import type { Matches } from "./matches.ts"
import { OlderPages, type OlderSource } from "./older-pages.ts"
import type { Found, LogTarget, Older, View } from "./protocol.ts"
import type { Ring } from "./ring.ts"
import type { StreamStart } from "./stream-start.ts"

/** Where among the matches somebody looks, or wants to: what is not held for it is read back from the stream. */
export class Viewpoint {
  /** Where the entry is that the filter was to stay at; null for none, and while it is looked for. */
  stayedAt: number | null = null
  private current: View = { following: true, top: 0, rows: 50, bars: 0 }
  private readonly ring: Ring
  private readonly matches: Matches
  private readonly start: StreamStart
  private readonly changed: () => void
  private readonly older: OlderPages
  private readonly finder: Finder
  /** Nothing was read yet to fill the screen under the filter in force. */
  private isUnfilled = true

  /** `changed` hears of what is to be seen at once. */
  constructor(ring: Ring, matches: Matches, source: OlderSource, start: StreamStart, changed: () => void) {
    this.ring = ring
    this.matches = matches
    this.start = start
    this.changed = changed
    this.older = new OlderPages(matches, source, changed)
    this.finder = new Finder(matches, this.older, () => start.oldestKnown(ring))
  }

  get view(): View {
    return this.current
  }

  /** How far back the matches reach. */
  get reach(): Older {
    return this.older.state
  }

  set(view: View): void {
    if (view.following && !this.current.following && !this.finder.isLooking) this.older.forget()
    this.current = view
  }

  /** The newest rows again, whatever they are: another filter is in force. */
  restart(): void {
    this.older.forget()
    this.stayedAt = null
    this.isUnfilled = true
    this.current = { ...this.current, following: true }
  }

  /** Nothing more is read back. */
  stop(): void {
    this.older.forget()
  }

  /** Where a place is among the matches, which is nowhere once `isWanted` says no, or the search is called off. */
  async find(place: LogTarget, isWanted: () => boolean): Promise<Found> {
    const { start } = this.matches
    const found = await this.finder.find(place, isWanted)
    // What was read for it is before the newest rows: whoever looks at those would have it let go of again.
    if (found.ordinal !== null && this.matches.start < start) this.leaveNewest()
    return found
  }

  callOff(): void {
    this.finder.callOff()
  }

  /** Looks for the entry that the filter is to stay at. Of one that is held no more, the oldest match there is takes the place. */
  async stay(id: string, isWanted: () => boolean): Promise<void> {
    const { ordinal } = await this.find({ id }, isWanted)
    if (!isWanted()) return
    this.stayedAt = ordinal ?? this.matches.start
    this.changed()
  }

  /** Puts a page of older matches before everything. Who asks for them has left the newest rows. */
  loadOlder(): void {
    this.leaveNewest()
    this.readOlder()
  }

  /** A view that the ring cannot fill is filled from the stream, once a filter. */
  fill(): void {
    if (!this.isUnfilled || this.matches.scanned < 1 || this.matches.length >= this.current.rows) return
    this.isUnfilled = false
    this.readOlder()
  }

  /** What filled the screen at first is let go of when the ring can: else all that it drops would be kept as well. */
  tidy(): void {
    const { following, rows } = this.current
    if (following && this.matches.inRing >= rows && this.older.state.state !== "loading") this.older.forget()
  }

  private leaveNewest(): void {
    const { following, rows } = this.current
    if (following) this.current = { ...this.current, following: false, top: this.matches.end - rows }
  }

  private readOlder(): void {
    const before = this.start.oldestKnown(this.ring)
    if (before !== undefined) void this.older.load(before)
  }
}
