import { outcomeOf, type Times } from "../../domain/access-log-timeline.ts"
import { entryName } from "../../domain/entry-name.ts"
import { asDeckError } from "../../domain/errors.ts"
import { type Held, isEntry, isReset } from "../held.ts"
import type { Rows } from "../row-list.ts"
import type { From, LogReading, Passing, PastRow, Spot, Step } from "./reading.ts"

/** Most rows that are held: the far end is dropped, and read again on coming back. */
const MOST = 4000
/** A page: so many rows, or as long as it is read, in ms. */
const PAGE = { rows: 200, ms: 500 }

type Direction = "older" | "newer"

/** One end of the window. */
interface Side {
  /** Where to read on; undefined where nothing follows. */
  readonly next: From | undefined
  readonly state: "more" | "loading" | "end" | "failed"
  /** Why it ends there, or failed. */
  readonly why?: string | undefined
  /** When the last row that was looked at counts, in ms since the epoch; undefined before anything was. */
  readonly reached?: number | undefined
}

/** Rows of the log around a moment of the past: pages are read in both directions. */
export class PastWindow implements Rows, Times {
  readonly scanned = 1
  /** Ordinal of the first row at or behind the moment. */
  readonly origin: number
  older: Side
  newer: Side
  private rows: PastRow[] = []
  private first: number
  private readonly reader: LogReading
  private readonly passing: Passing
  private readonly changed: () => void
  private readonly most: number
  private readonly loading: Record<Direction, AbortController | undefined> = { older: undefined, newer: undefined }

  constructor(
    reader: LogReading,
    passing: Passing,
    begin: { readonly older: From; readonly newer: From },
    { origin, changed, most = MOST }: { readonly origin: number; readonly changed: () => void; readonly most?: number },
  ) {
    this.reader = reader
    this.passing = passing
    this.origin = origin
    this.first = origin
    this.changed = changed
    this.most = most
    this.older = { next: begin.older, state: "more" }
    this.newer = { next: begin.newer, state: "more" }
  }

  get start(): number {
    return this.first
  }

  get end(): number {
    return this.first + this.rows.length
  }

  get length(): number {
    return this.rows.length
  }

  at(ordinal: number): Held | undefined {
    return this.rows[ordinal - this.first]?.held
  }

  get resets(): number[] {
    return [...this.rows.keys()].filter(index => isReset((this.rows[index] as PastRow).held)).map(at => this.first + at)
  }

  /** Visits time and outcome of every entry that is held. */
  eachTime(visit: (ms: number, outcome: number) => void): void {
    for (const { held } of this.rows) if (isEntry(held)) visit(held.at, outcomeOf(held))
  }

  /** Whether no entry is held. */
  get isEmpty(): boolean {
    return !this.rows.some(({ held }) => isEntry(held))
  }

  /** Where a row stands. */
  spotAt(ordinal: number): Spot | undefined {
    return this.rows[ordinal - this.first]?.spot
  }

  /** Ordinal of an entry by its name; undefined where it is not held. */
  ordinalOf(name: string): number | undefined {
    const index = this.rows.findLastIndex(({ held }) => isEntry(held) && entryName(held) === name)
    return index < 0 ? undefined : this.first + index
  }

  /** Ordinal of the row at which the stream begins; undefined where all that is held is of the one or the other. */
  get seam(): number | undefined {
    const index = this.rows.findIndex(({ held }) => !isEntry(held) && held.kind === "seam")
    return index < 0 ? undefined : this.first + index
  }

  /** Reads a page in a direction; does nothing while one is being read, or where nothing follows. */
  async load(direction: Direction, signal?: AbortSignal): Promise<void> {
    const { next, reached } = this[direction]
    if (this.loading[direction] || next === undefined) return
    const mine = new AbortController()
    this.loading[direction] = mine
    this[direction] = { next, state: "loading", reached }
    this.changed()
    const either = signal ? AbortSignal.any([signal, mine.signal]) : mine.signal
    try {
      await this.loadPage(direction, next, either)
    } catch (error) {
      if (!either.aborted) this[direction] = { ...this[direction], state: "failed", why: asDeckError(error).message }
    } finally {
      if (this.loading[direction] === mine) this.loading[direction] = undefined
      if (this[direction].state === "loading") this[direction] = { ...this[direction], state: "more" }
    }
    this.changed()
  }

  /** Stops reading. */
  stop(): void {
    this.loading.older?.abort()
    this.loading.newer?.abort()
  }

  private async loadPage(direction: Direction, from: From, signal: AbortSignal): Promise<void> {
    const { reader, passing } = this
    const steps = direction === "older" ? reader.back(from, passing, signal) : reader.on(from, passing, signal)
    const until = performance.now() + PAGE.ms
    let rows = 0
    for await (const step of steps) {
      if (signal.aborted) return
      this.take(direction, step)
      if (step.end) return
      rows += step.rows.length
      if (rows >= PAGE.rows || performance.now() >= until) return
      this.changed()
    }
  }

  private take(direction: Direction, { rows, reached, next, end }: Step): void {
    const side = this[direction]
    if (direction === "older") {
      this.rows = [...rows.toReversed(), ...this.rows]
      this.first -= rows.length
    } else this.rows = [...this.rows, ...rows]
    const seen = reached ?? timeOf(rows.findLast(({ held }) => isEntry(held))) ?? side.reached
    // What is written meanwhile follows on the present end.
    const after = end === undefined || end.of === "now" ? (next ?? side.next) : undefined
    this[direction] = { next: after, state: end ? "end" : "loading", why: end?.why, reached: seen }
    if (this.rows.length > this.most) this.drop(direction === "older" ? "newer" : "older")
  }

  /** Drops the far end of what is too much, up to an entry to read on from. */
  private drop(direction: Direction): void {
    this.loading[direction]?.abort()
    this.loading[direction] = undefined
    const isWhere = ({ held, spot }: PastRow) => isEntry(held) && spot !== undefined
    if (direction === "newer") {
      const last = this.rows.findLastIndex((row, index) => index < this.most && isWhere(row))
      this.rows = this.rows.slice(0, last + 1)
      const { held, spot } = this.rows.at(-1) as PastRow
      this.newer = { next: { after: spot as Spot }, state: "more", reached: timeOf({ held, spot }) }
      return
    }
    const first = this.rows.findIndex((row, index) => index >= this.rows.length - this.most && isWhere(row))
    this.rows = this.rows.slice(first)
    this.first += first
    const { held, spot } = this.rows[0] as PastRow
    this.older = { next: { before: spot as Spot }, state: "more", reached: timeOf({ held, spot }) }
  }
}

const timeOf = (row: PastRow | undefined) => (row && isEntry(row.held) ? row.held.at : undefined)
