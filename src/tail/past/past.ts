import type { LogSearch } from "../../domain/access-log-search.ts"
import { type Timeline, timelineOf } from "../../domain/access-log-timeline.ts"
import { entryName, orderOfName } from "../../domain/entry-name.ts"
import { asDeckError } from "../../domain/errors.ts"
import type { SqlDialect } from "../../domain/sql-dialect.ts"
import { isEntry } from "../held.ts"
import { locate, timeAt } from "../match-search.ts"
import type { Predicate } from "../matches.ts"
import { beginningOf } from "../older-pages.ts"
import type { Found, LogPlace, LogStep, Older, PastState } from "../protocol.ts"
import { isFailed, RowWalk } from "../row-walk.ts"
import { burstBegin } from "./burst-begin.ts"
import { APART } from "./ordinals.ts"
import { PastWindow } from "./past-window.ts"
import { behind, type From, type LogReading, type Passing, type Spot } from "./reading.ts"
import { failedSql, searchSql } from "./search-sql.ts"

/** A text that is searched for, and its test. */
export interface Sought {
  readonly search: LogSearch
  readonly test: Predicate
}

/** The view of the past: at most one window of rows, which a place in time opens, and going live closes. */
export class Past {
  /** Undefined while the log is live, or shows what the live log holds. */
  window: PastWindow | undefined
  private readonly reader: LogReading
  private readonly passing: () => Passing
  private readonly changed: () => void
  private search: AbortController | undefined
  private opened = 0
  private drawn: { readonly of: string; readonly all: Timeline } | undefined
  private since: { readonly of: PastWindow; readonly ms: number | null } | undefined

  constructor(reader: LogReading, passing: () => Passing, changed: () => void) {
    this.reader = reader
    this.passing = passing
    this.changed = changed
  }

  /** Whether a place is being looked for. */
  get isLooking(): boolean {
    return this.search !== undefined
  }

  /** How far back the window reaches. */
  get reach(): Older {
    const { state, why, reached = null } = (this.window as PastWindow).older
    if (state === "failed") return { state, reason: why ?? "" }
    if (state === "end") return beginningOf({ of: why === undefined ? "history" : "stream", ...(why && { why }) })
    return { state, lookedBackTo: reached }
  }

  /** What the console shows of it; null where the log is not in the past. */
  get state(): PastState | null {
    const { window, since } = this
    if (window === undefined) return null
    return {
      seam: window.seam ?? (window.spotAt(window.end - 1)?.epoch === undefined ? window.start : window.end),
      since: since?.of === window ? since.ms : null,
      newer: window.newer.state,
    }
  }

  /** Timeline of the window, all of which passes the filter, in at most `bars`; undefined where there is none. */
  timeline(bars: number): { readonly all: Timeline; readonly matching: null } | undefined {
    const { window, drawn } = this
    if (window === undefined) return undefined
    const of = `${bars} ${window.start} ${window.end}`
    if (drawn?.of !== of) this.drawn = { of, all: timelineOf(window, bars, drawn?.all) }
    return { all: (this.drawn as { all: Timeline }).all, matching: null }
  }

  /** Closes the window, and ends what is being looked for. */
  leave(): void {
    this.cancel()
    this.window?.stop()
    this.window = undefined
  }

  /** Ends what is being looked for, in the engine, too. */
  cancel(): void {
    this.search?.abort()
    this.search = undefined
  }

  /** Reads what a view needs that comes near an end of the window. */
  fill(top: number, rows: number): void {
    const { window } = this
    if (window === undefined) return
    if (top - window.start < rows) void window.load("older")
    if (window.end - (top + rows) < rows) void window.load("newer")
  }

  /** Whether a place lies within the window, so that nothing needs to be read for it. */
  holds(place: LogPlace): boolean {
    const { window } = this
    if (window === undefined || window.length === 0) return false
    if ("id" in place) return window.ordinalOf(place.id) !== undefined
    const ms = "before" in place ? place.before : place.ms
    const untilMs = "failedWithin" in place ? ms + place.failedWithin : ms
    return timeAt(window, window.start) < ms && untilMs <= timeAt(window, window.end - 1)
  }

  /** Finds a place that the window holds. */
  found(place: LogPlace): Found {
    const window = this.window as PastWindow
    return this.foundAt(("id" in place ? window.ordinalOf(place.id) : locate(window, place, undefined)) ?? null)
  }

  /**
   * Opens a window around a place: the first row from it on, or else the newest before it. `spot` says where an entry stands. Nothing
   * is changed where nothing is found, or it is called off.
   */
  async open(place: LogPlace, spot?: Spot): Promise<Found> {
    if ("failedWithin" in place) return await this.openBurst(place)
    return await this.looking(async signal => {
      const window = new PastWindow(this.reader, this.passing(), await this.beginOf(place, spot, signal), {
        origin: -APART * ++this.opened,
        changed: () => this.changed(),
      })
      do await Promise.all([window.load("newer", signal), window.load("older", signal)])
      while (window.isEmpty && !signal.aborted && [window.newer, window.older].some(side => side.state === "more"))
      if (signal.aborted) window.stop()
      signal.throwIfAborted()
      if (window.isEmpty) return this.nowhere(window)
      this.window?.stop()
      this.window = window
      void this.reader.gaplessSince(timeAt(window, Math.min(window.origin, window.end - 1))).then(
        ms => {
          this.since = { of: window, ms }
          this.changed()
        },
        () => {},
      )
      return this.foundAt(ordinalIn(window, place))
    })
  }

  /** Opens a window around the request at which a burst begins; where none fails in time, around the moment. */
  private async openBurst(place: Extract<LogPlace, { readonly failedWithin: number }>): Promise<Found> {
    const failing = this.narrowed(isFailed, "failed", undefined)
    const begin = await this.looking(async signal => {
      const { newer } = await this.beginOf(place, undefined, signal)
      return burstBegin(this.reader, newer, place, failing, signal)
    })
    if (begin === undefined) return this.open({ ms: place.ms })
    return "ordinal" in begin ? begin : this.open({ id: entryName(begin) }, begin)
  }

  /** Goes to the next row that failed or has the text: in the window, else in what was not read yet, from `beyond` on without a window. */
  async step({ row, from, by }: LogStep, sought: Sought | undefined, beyond?: From): Promise<Found> {
    const test = row === "failed" ? isFailed : sought?.test
    if (test === undefined) return this.foundAt(null)
    const { window } = this
    const inWindow = window && new RowWalk(window, test, { from, by }).go()
    if (inWindow !== undefined) return this.foundAt(inWindow)
    const next = window === undefined ? beyond : by < 0 ? window.older.next : window.newer.next
    if (next === undefined) return this.foundAt(null)
    const spot = await this.looking(async signal => this.next(next, by, this.narrowed(test, row, sought), signal))
    if (spot === undefined || "ordinal" in spot) return spot ?? this.foundAt(null)
    return this.open({ id: entryName(spot) }, spot)
  }

  private narrowed(test: Predicate, row: LogStep["row"], sought: Sought | undefined): Passing {
    const { passes, where } = this.passing()
    const own = (sql: SqlDialect) =>
      row === "failed" || sought === undefined ? failedSql(sql) : searchSql(sought.search, sql)
    return { passes: entry => passes(entry) && test(entry), where: sql => `(${where(sql)}) and (${own(sql)})` }
  }

  private async next(from: From, by: 1 | -1, passing: Passing, signal: AbortSignal): Promise<Spot | undefined> {
    const steps = by < 0 ? this.reader.back(from, passing, signal) : this.reader.on(from, passing, signal)
    for await (const { rows } of steps) {
      const found = rows.find(({ held }) => isEntry(held) && passing.passes(held))
      if (found?.spot) return found.spot
    }
    return undefined
  }

  /** Where a window around a place begins, in both directions: at an entry, since times may go back where the stream was made anew. */
  private async beginOf(place: LogPlace, known: Spot | undefined, signal: AbortSignal) {
    if ("id" in place) {
      const spot = known ?? (await this.reader.spotOf(place.id, signal))
      if (spot !== undefined) return { older: { before: spot }, newer: { after: spot, inclusive: true } } as const
    }
    const ms = "id" in place ? orderOfName(place.id)[0] : Math.round("before" in place ? place.before : place.ms)
    const last = await this.reader.spotBefore(ms, signal)
    return last === undefined
      ? ({ older: { beforeMs: ms }, newer: { fromMs: ms } } as const)
      : ({ older: { before: behind(last) }, newer: { after: last } } as const)
  }

  /** Does `work` as what is looked for; what fails, or is called off, finds nothing. */
  private async looking<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | Found> {
    this.cancel()
    const mine = new AbortController()
    this.search = mine
    this.changed()
    try {
      return await work(mine.signal)
    } catch (error) {
      const older: Older = mine.signal.aborted
        ? { state: "more", lookedBackTo: null }
        : { state: "failed", reason: asDeckError(error).message }
      return { ordinal: null, id: null, oldest: null, reach: null, older, rows: 0 }
    } finally {
      if (this.search === mine) this.search = undefined
      this.changed()
    }
  }

  private nowhere({ older }: PastWindow): Found {
    const reach = older.reached ?? null
    const state: Older =
      older.state === "failed" ? { state: "failed", reason: older.why ?? "" } : { state: "beginning" }
    return { ordinal: null, id: null, oldest: null, reach, older: state, rows: 0 }
  }

  private foundAt(ordinal: number | null): Found {
    const { window } = this
    const held = ordinal === null ? undefined : window?.at(ordinal)
    const reach = window?.older.reached ?? null
    const older = window ? this.reach : ({ state: "more", lookedBackTo: null } as const)
    return {
      ordinal,
      id: held && isEntry(held) ? entryName(held) : null,
      oldest: null,
      reach,
      older,
      rows: window?.length ?? 0,
    }
  }
}

/** The row of a place in a window that was opened around it: the first entry from its moment on. */
function ordinalIn(window: PastWindow, place: LogPlace): number {
  if ("before" in place) return locate(window, place, { name: "0-0", at: 0 }) ?? window.start
  for (let ordinal = window.origin; ordinal < window.end; ordinal++) {
    const held = window.at(ordinal)
    if (held && isEntry(held)) return ordinal
  }
  return window.end - 1
}
