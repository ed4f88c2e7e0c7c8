import { entryName } from "../domain/entry-name.ts"
import { Finder } from "./finder.ts"
import { passingOf } from "./log-filter.ts"
import { locate } from "./match-search.ts"
import type { Matches, Predicate } from "./matches.ts"
import { type Begin, OlderPages } from "./older-pages.ts"
import { Past, type Sought } from "./past/past.ts"
import { beforeThese, behind, type From, type LogReading, type Passing, type Spot } from "./past/reading.ts"
import type { Found, LogFilter, LogPlace, LogTarget, View } from "./protocol.ts"
import type { Ring } from "./ring.ts"
import type { Rows } from "./row-list.ts"
import { rowsAround } from "./rows.ts"
import type { StreamStart } from "./stream-start.ts"

const NEVER = new AbortController().signal

const EVERYTHING: Passing = { passes: () => true, where: () => "1 = 1" }

/**
 * Position of the view among the rows, current or requested: reads back what is not held for it. A place behind the stream is
 * looked at in a window of its own (`past`), which the next view of the newest rows closes.
 */
export class Viewpoint {
  /** Ordinal of the entry that the filter stays at; null for none, and during the search. */
  stayedAt: number | null = null
  private current: View = { following: true, top: 0, rows: 50, bars: 0 }
  private readonly ring: Ring
  private readonly matches: Matches
  private readonly start: StreamStart
  private readonly changed: () => void
  private readonly reader: LogReading
  private readonly older: OlderPages
  private readonly finder: Finder
  private readonly past: Past
  private passing: Passing = EVERYTHING
  /** Where an entry stands that was selected in the past, and is to be stayed at. */
  private kept: Spot | undefined
  /** Nothing was read yet to fill the screen under the present filter. */
  private isUnfilled = true

  /** `changed` is called when a snapshot should be published at once. */
  constructor(ring: Ring, matches: Matches, reader: LogReading, start: StreamStart, changed: () => void) {
    this.ring = ring
    this.matches = matches
    this.start = start
    this.changed = changed
    this.reader = reader
    this.older = new OlderPages(matches, reader, () => this.passing, changed)
    this.past = new Past(reader, () => this.passing, changed)
    this.finder = new Finder(matches, this.older, () => this.oldest)
  }

  get view(): View {
    return this.current
  }

  /** The rows that the view is of. */
  get rows(): Rows {
    return this.past.window ?? this.matches
  }

  /** Timeline of the past, in the bars of the view; undefined while the log is live. */
  get timeline() {
    return this.past.timeline(this.current.bars)
  }

  /** From where on a row of the past, and all before it, can be read. Throws RangeError for a row that is not in the view. */
  upTo(ordinal: number): From {
    const spot = this.past.window?.spotAt(ordinal)
    if (spot === undefined) throw new RangeError(`there is no row ${ordinal}`)
    return { before: behind(spot) }
  }

  /** What a snapshot says of the view; `top` is the ordinal at which it begins. */
  snapshot(isFound: Predicate | undefined) {
    const { rows, past, older } = this
    return {
      start: rows.start,
      end: rows.end,
      ...rowsAround(rows, this.current, isFound),
      older: past.window ? past.reach : older.state,
      past: past.state,
      isLooking: past.isLooking,
      stayedAt: this.stayedAt,
    }
  }

  set(view: View): void {
    // A console that comes back to an entry of the past follows until that is found.
    if (view.following && !this.past.isLooking) this.past.leave()
    if (view.following && !this.current.following && !this.finder.isLooking) this.older.forget()
    this.current = view
    if (!view.following) this.past.fill(view.top, view.rows)
  }

  /** Returns to the newest rows for another filter. */
  restart(filter: LogFilter): void {
    const { window } = this.past
    const selected = filter.stayAt === null ? undefined : window?.ordinalOf(filter.stayAt)
    this.kept = selected === undefined ? undefined : window?.spotAt(selected)
    this.passing = passingOf(filter)
    this.past.leave()
    this.older.forget()
    this.stayedAt = null
    this.isUnfilled = true
    this.current = { ...this.current, following: true }
  }

  /** Stops reading back. */
  stop(): void {
    this.past.leave()
    this.older.forget()
  }

  /**
   * Finds a target among the rows, and in what can be read of the past; not found once `isWanted` returns false, or the search is
   * cancelled. `sought` is the text that is searched for.
   */
  async find(target: LogTarget, isWanted: () => boolean, sought?: Sought): Promise<Found> {
    const { past, older } = this
    if ("row" in target && past.window) return this.into(await past.step(target, sought))
    if (!("row" in target) && past.holds(target)) return this.into(past.found(target))
    if (!("row" in target) && (await this.isBehindStream(target)))
      return this.into(await past.open(target, this.keptOf(target)))
    const wasPast = past.window !== undefined
    past.leave()
    const { start } = this.matches
    const found = await this.finder.find(target, isWanted, sought?.test)
    // The target is among entries read back before the newest rows; a view of the newest rows would release these.
    const isOlder = (found.ordinal ?? found.oldest) !== null && this.matches.start < start
    const { next } = older
    if (found.ordinal === null && next && older.isAtHistory && isWanted()) {
      const isUp = !("row" in target) || target.by < 0
      if (isUp) return this.into(await ("row" in target ? past.step(target, sought, next) : past.open(target)))
    }
    if (isOlder) this.leaveNewest()
    if (wasPast) this.show(found.ordinal ?? this.matches.end)
    return found
  }

  /** Leaves the newest rows for those of the past, where something was found there. */
  private into(found: Found): Found {
    const { window } = this.past
    if (window && found.ordinal !== null) {
      this.older.forget()
      this.show(found.ordinal)
    }
    return found
  }

  private show(ordinal: number): void {
    this.current = { ...this.current, following: false, top: ordinal - (this.current.rows >> 1) }
  }

  /** Whether a place that is not held lies behind the oldest entry of the stream. */
  private async isBehindStream(place: LogPlace): Promise<boolean> {
    if (!this.reader.hasPast) return false
    if (this.keptOf(place)?.epoch !== undefined) return true
    const reach = this.older.reach ?? this.oldest?.place
    if (locate(this.matches, place, reach) !== undefined) return false
    return this.reader.isBehindStream("before" in place ? { ms: place.before } : place, NEVER)
  }

  private readonly keptOf = (place: LogPlace) =>
    "id" in place && this.kept && place.id === entryName(this.kept) ? this.kept : undefined

  cancelSearch(): void {
    this.finder.cancel()
    this.past.cancel()
  }

  /** Finds the entry that the filter stays at. If it is no longer held, the oldest match takes its place. */
  async stay(id: string, isWanted: () => boolean): Promise<void> {
    const { ordinal } = await this.find({ id }, isWanted)
    if (!isWanted()) return
    this.stayedAt = ordinal ?? this.rows.start
    this.changed()
  }

  /** Puts a page of older matches before the others. The view has left the newest rows by then. */
  loadOlder(): void {
    if (this.past.window) return void this.past.window.load("older")
    this.leaveNewest()
    this.readOlder(true)
  }

  /** Fills a view from the stream where the ring cannot, once per filter. */
  fill(): void {
    if (!this.isUnfilled || this.matches.scanned < 1 || this.matches.length >= this.current.rows) return
    this.isUnfilled = false
    this.readOlder(false)
  }

  /** Releases what first filled the screen once the ring can: otherwise all that the ring drops would be kept too. */
  tidy(): void {
    const { following, rows, top } = this.current
    if (this.past.window?.newer.state === "end") this.past.fill(top, rows)
    if (following && this.matches.inRing >= rows && this.older.state.state !== "loading") this.older.forget()
  }

  private leaveNewest(): void {
    const { following, rows } = this.current
    if (following) this.current = { ...this.current, following: false, top: this.matches.end - rows }
  }

  private readOlder(isFar: boolean): void {
    const { oldest } = this
    if (oldest !== undefined) void this.older.load(oldest, isFar)
  }

  /** Where what was read so far begins; undefined before the first connection. */
  private get oldest(): Begin | undefined {
    const { start, ring } = this
    const place = start.oldestKnown(ring)
    return place && { place, from: resets => beforeThese(start.oldestIds(ring), { at: place.at, resets }) }
  }
}
