import { Finder } from "./finder.ts"
import type { Matches, Predicate } from "./matches.ts"
import { OlderPages, type OlderSource } from "./older-pages.ts"
import type { Found, LogTarget, Older, View } from "./protocol.ts"
import type { Ring } from "./ring.ts"
import type { StreamStart } from "./stream-start.ts"

/** Position of the view among the matches, current or requested: reads back from the stream what is not held for it. */
export class Viewpoint {
  /** Ordinal of the entry that the filter stays at; null for none, and during the search. */
  stayedAt: number | null = null
  private current: View = { following: true, top: 0, rows: 50, bars: 0 }
  private readonly ring: Ring
  private readonly matches: Matches
  private readonly start: StreamStart
  private readonly changed: () => void
  private readonly older: OlderPages
  private readonly finder: Finder
  /** Nothing was read yet to fill the screen under the present filter. */
  private isUnfilled = true

  /** `changed` is called when a snapshot should be published at once. */
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

  /** Returns to the newest rows for another filter. */
  restart(): void {
    this.older.forget()
    this.stayedAt = null
    this.isUnfilled = true
    this.current = { ...this.current, following: true }
  }

  /** Stops reading back. */
  stop(): void {
    this.older.forget()
  }

  /**
   * Finds a target among the matches; not found once `isWanted` returns false, or the search is cancelled. `isFound` tests
   * for the text that is searched for.
   */
  async find(target: LogTarget, isWanted: () => boolean, isFound?: Predicate): Promise<Found> {
    const { start } = this.matches
    const found = await this.finder.find(target, isWanted, isFound)
    // The target is among entries read back before the newest rows; a view of the newest rows would release these.
    if ((found.ordinal ?? found.oldest) !== null && this.matches.start < start) this.leaveNewest()
    return found
  }

  cancelSearch(): void {
    this.finder.cancel()
  }

  /** Finds the entry that the filter stays at. If it is no longer held, the oldest match takes its place. */
  async stay(id: string, isWanted: () => boolean): Promise<void> {
    const { ordinal } = await this.find({ id }, isWanted)
    if (!isWanted()) return
    this.stayedAt = ordinal ?? this.matches.start
    this.changed()
  }

  /** Puts a page of older matches before the others. The view has left the newest rows by then. */
  loadOlder(): void {
    this.leaveNewest()
    this.readOlder()
  }

  /** Fills a view from the stream where the ring cannot, once per filter. */
  fill(): void {
    if (!this.isUnfilled || this.matches.scanned < 1 || this.matches.length >= this.current.rows) return
    this.isUnfilled = false
    this.readOlder()
  }

  /** Releases what first filled the screen once the ring can: otherwise all that the ring drops would be kept too. */
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
