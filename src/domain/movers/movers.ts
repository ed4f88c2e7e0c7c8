import { onceEach } from "../once-each.ts"
import { FAILED, REFUSED } from "../status-class.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { Baselines } from "./baselines.ts"
import { type Deviation, deviations, type Observed, pairOf, SENDERS } from "./deviations.ts"
import { DIMENSION_KEYS } from "./dimension-keys.ts"
import { COUNTED_FIELDS, DIMENSIONS } from "./dimensions.ts"
import { bucketOf, NO_BUCKET } from "./durations.ts"
import type { MoversMinutes, MoversSnapshot, MoversWatch } from "./movers-snapshot.ts"
import { ranked, type Stretch } from "./ranking.ts"
import { Slices, WINDOW_SLICES } from "./slices.ts"
import { SpaceSaving } from "./space-saving.ts"

/** Counter of the requests of the last minutes by every dimension, in any order and in bounded memory. */
export class Movers {
  private readonly slices = new Slices(widthMs(1), new Slices(widthMs(5), new Slices(widthMs(15))))
  private readonly baselines = new Baselines()
  private seenFrom: number
  private newest = 0
  /** Requests of one slice, by its number, that are yet to be counted: their values, by dimension, and what became of them. */
  private waiting = 0
  private sliceAt = 0
  private readonly values = DIMENSIONS.map(() => new Array<string>(BATCH).fill(""))
  private readonly statuses = new Int8Array(BATCH)
  private readonly buckets = new Int8Array(BATCH)

  constructor(nowMs: number) {
    this.seenFrom = nowMs
  }

  /** Forgets everything; from `nowMs` on (ms since the epoch by the stream's time) everything is seen. */
  restart(nowMs: number): void {
    this.recount(nowMs)
    this.baselines.forget()
  }

  /** Forgets what was counted, of which other requests are counted now, but not since when something stands out. */
  recount(nowMs: number): void {
    this.baselines.recount()
    this.slices.forget()
    this.waiting = 0
    this.seenFrom = nowMs
    this.newest = 0
  }

  /** Records that every entry of the stream from `ms` on is or was looked at. */
  see(ms: number): void {
    if (ms < this.seenFrom) this.seenFrom = ms
  }

  accept(entry: StreamEntry): void {
    if (entry.at > this.newest) this.newest = entry.at
    const sliceAt = Math.floor(entry.at / SLICE_MS)
    if (this.waiting === BATCH || sliceAt !== this.sliceAt) this.count()
    this.sliceAt = sliceAt
    const n = this.waiting++
    this.statuses[n] = entry.statusClass
    this.buckets[n] = bucketOf(entry.duration)
    for (const { valuesOf, at } of FIELDS) {
      const values = valuesOf(entry)
      for (let i = 0; i < at.length; i++) this.values[at[i]!]![n] = values[i]!
    }
  }

  /** Counts the requests that wait, one dimension after the other: each has its summaries at hand meanwhile. */
  private count(): void {
    const { waiting, values, statuses, buckets } = this
    this.waiting = 0
    const slice = waiting === 0 ? undefined : this.slices.at(this.sliceAt * SLICE_MS)
    if (slice === undefined) return
    slice.requests += waiting
    for (let dimension = 0; dimension < values.length; dimension++) {
      const own = values[dimension]!
      const all = slice.all[dimension]!
      const troubled = slice.troubled[dimension]!
      for (let n = 0; n < waiting; n++) {
        const value = own[n]!
        if (value === "") continue
        const status = statuses[n]!
        all.accept(value, status === REFUSED, status === FAILED, buckets[n]!)
        if (status >= REFUSED) troubled.accept(value, status === REFUSED, status === FAILED, NO_BUCKET)
      }
    }
    for (let i = 0; i < SENDERS.length; i++) this.countPairs(slice.pairs[i]!, values[AT_SENDERS[i]!]!, waiting)
  }

  private countPairs(pairs: SpaceSaving, senders: readonly string[], waiting: number): void {
    const routes = this.values[AT_ROUTE]!
    for (let n = 0; n < waiting; n++) {
      const status = this.statuses[n]!
      if (status < REFUSED || routes[n] === "" || senders[n] === "") continue
      pairs.accept(pairOf(senders[n]!, routes[n]!), status === REFUSED, status === FAILED, NO_BUCKET)
    }
  }

  /** Returns the movers at `nowMs`, or at the newest entry if that is later. */
  snapshot(watch: MoversWatch, nowMs: number): MoversSnapshot {
    const { window, before, wasSeen } = this.windows(watch.minutes, nowMs)
    return {
      watch,
      perSecond: window.requests / window.seconds,
      seenSeconds: Math.min(watch.minutes * 60, window.seconds),
      dimensions: DIMENSION_KEYS.flatMap((key, i) =>
        watch.only === undefined || watch.only === key
          ? [ranked(key, window.by(i), wasSeen ? before.by(i) : null, watch)]
          : [],
      ),
    }
  }

  /** Returns what stands out at `nowMs` in the last five minutes. */
  deviations(nowMs: number): Deviation[] {
    const { window, before, wasSeen, from } = this.windows(5, nowMs)
    const observed = wasSeen ? before.observed : null
    const begun = this.baselines.begun(nowMs, fromMs => this.windowFrom(fromMs))
    const found = deviations(window.observed, observed, begun)
    this.baselines.note(found, nowMs, from - WINDOW_MS, observed)
    return found
  }

  /** Returns the summaries of the five minutes from a time on, or a little earlier, in whole slices; null where these were not seen. */
  private windowFrom(ms: number): Observed | null {
    const from = Math.floor(ms / widthMs(15)) * widthMs(15)
    const { seconds, observed } = this.stretch(from, from + WINDOW_MS)
    return seconds >= widthMs(5) / 1000 ? observed : null
  }

  private windows(minutes: MoversMinutes, nowMs: number) {
    this.count()
    const now = Math.max(nowMs, this.newest)
    const width = widthMs(minutes)
    const from = (Math.floor(now / width) - WINDOW_SLICES) * width
    const window = this.stretch(from, now, LATER)
    const before = this.stretch(from - WINDOW_SLICES * width, from)
    return { window, before, wasSeen: before.seconds >= width / 1000, from }
  }

  /** Returns what was seen between the two times, from the slices that begin before `nextMs`. */
  private stretch(fromMs: number, toMs: number, nextMs = toMs) {
    const slices = this.slices.between(fromMs, nextMs)
    const requests = slices.reduce((sum, slice) => sum + slice.requests, 0)
    const seconds = Math.max(LEAST_S, (toMs - Math.max(fromMs, this.seenFrom)) / 1000)
    const merged = (which: "all" | "troubled" | "pairs", at: number) =>
      SpaceSaving.merged(slices.map(slice => slice[which][at] as SpaceSaving))
    const by = (dimension: number): Stretch => ({
      all: merged("all", dimension),
      troubled: merged("troubled", dimension),
      requests,
      seconds,
    })
    const observed: Observed = {
      requests,
      seconds,
      all: onceEach(key => merged("all", DIMENSION_KEYS.indexOf(key))),
      troubled: onceEach(key => merged("troubled", DIMENSION_KEYS.indexOf(key))),
      pairs: onceEach(key => merged("pairs", SENDERS.indexOf(key))),
    }
    return { requests, seconds, by, observed }
  }
}

/** The fields with the numbers of their dimensions. */
const FIELDS = COUNTED_FIELDS.map(({ valuesOf, dimensions }) => ({
  valuesOf,
  at: dimensions.map(({ key }) => DIMENSION_KEYS.indexOf(key)),
}))

const AT_ROUTE = DIMENSION_KEYS.indexOf("route")
const AT_SENDERS = SENDERS.map(key => DIMENSION_KEYS.indexOf(key))

/** Requests that are counted at once. */
const BATCH = 128

const LATER = Number.POSITIVE_INFINITY

/** Length of a window of five minutes. */
const WINDOW_MS = 300_000

/** Shortest time that a rate is computed over. */
const LEAST_S = 1

const widthMs = (minutes: MoversMinutes) => (minutes * 60_000) / WINDOW_SLICES
const SLICE_MS = widthMs(1)
