import { BUCKETS, type Counts, increase, NO_BUCKET, p95Of } from "./durations.ts"

/** Counts of one value in a summary. */
export interface Tally {
  readonly value: string
  /** Number of requests, at most `error` too high and never too low. */
  readonly count: number
  readonly error: number
  /** Numbers of 4xx and of 5xx answers among the certain requests, `count - error`. */
  readonly refused: number
  readonly failed: number
}

const ROOM_AT_FIRST = 8

/**
 * Summary of the values with the most requests, in memory that does not grow with the number of values (Space-Saving:
 * Metwally, Agrawal, El Abbadi, 2005). Beyond `capacity` values, a new one replaces the lowest and takes over its count
 * as an error. So no error is above total / capacity, every value with more requests than that is here, and with at
 * most `capacity` values all is exact. Merging keeps all three (Agarwal et al., Mergeable Summaries, 2012).
 */
export class SpaceSaving {
  /** Number of requests counted. */
  total = 0
  /** Maximum number of requests of any value that is not here. */
  floor = 0
  private readonly capacity: number
  private readonly slots = new Map<string, number>()
  /** Values that are here, in no order. */
  readonly values: string[] = []
  private counts = new Uint32Array(ROOM_AT_FIRST)
  private errors = new Uint32Array(ROOM_AT_FIRST)
  private refused = new Uint32Array(ROOM_AT_FIRST)
  private failed = new Uint32Array(ROOM_AT_FIRST)
  /** Buckets of the slots, at least up to the last one with a duration; empty where none is counted. */
  private durations: Counts = new Uint8Array()
  /** Lowest count and its slot as found last: counts only rise, so the search continues from there. */
  private least = 0
  private leastAt = 0

  constructor(capacity: number) {
    this.capacity = capacity
  }

  /** Number of values here. */
  get size(): number {
    return this.values.length
  }

  /** Counts a request: its value, whether it was refused or failed, and its bucket of `bucketOf`, or NO_BUCKET. */
  accept(value: string, isRefused: boolean, isFailed: boolean, bucket: number): void {
    this.total++
    const slot = this.slots.get(value) ?? this.slotFor(value)
    this.counts[slot]!++
    if (isRefused) this.refused[slot]!++
    if (isFailed) this.failed[slot]!++
    if (bucket !== NO_BUCKET) this.countDuration(slot, bucket, 1)
  }

  /** Returns the counts of a value; undefined when it is not here. */
  tally(value: string): Tally | undefined {
    const slot = this.slots.get(value)
    if (slot === undefined) return undefined
    return {
      value,
      count: this.counts[slot]!,
      error: this.errors[slot]!,
      refused: this.refused[slot]!,
      failed: this.failed[slot]!,
    }
  }

  /** Returns the duration in ms that 95 % of the value's requests do not exceed, within 20 %; null for none. */
  p95(value: string): number | null {
    const slot = this.slots.get(value)
    return slot === undefined ? null : p95Of(this.durations, slot * BUCKETS)
  }

  /** Merges summaries, all of the same capacity, into one with at most `capacity` values. */
  static merged(summaries: readonly SpaceSaving[], capacity = Number.POSITIVE_INFINITY): SpaceSaving {
    const all = new SpaceSaving(Number.POSITIVE_INFINITY)
    for (const { total, floor } of summaries) {
      all.total += total
      all.floor += floor
    }
    for (const summary of summaries) for (let slot = 0; slot < summary.size; slot++) all.add(summary, slot)
    return capacity === Number.POSITIVE_INFINITY ? all : all.cut(capacity)
  }

  /** Returns a copy with only the `capacity` largest values. */
  private cut(capacity: number): SpaceSaving {
    const kept = new SpaceSaving(capacity)
    kept.total = this.total
    kept.floor = this.floor
    const largestFirst = this.values.map((_, slot) => slot).sort((a, b) => this.counts[b]! - this.counts[a]!)
    for (const slot of largestFirst.slice(0, capacity)) kept.add(this, slot)
    const dropped = largestFirst[capacity]
    if (dropped !== undefined) kept.floor = this.counts[dropped]!
    return kept
  }

  /** Adds the counts of a value of `other` without the other's floor, which this floor includes already. */
  private add(other: SpaceSaving, slot: number): void {
    const value = other.values[slot] as string
    const to = this.slots.get(value) ?? this.slotFor(value)
    this.counts[to]! += other.counts[slot]! - other.floor
    this.errors[to]! += other.errors[slot]! - other.floor
    this.refused[to]! += other.refused[slot]!
    this.failed[to]! += other.failed[slot]!
    const from = slot * BUCKETS
    if (from >= other.durations.length) return
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const by = other.durations[from + bucket] as number
      if (by > 0) this.countDuration(to, bucket, by)
    }
  }

  private countDuration(slot: number, bucket: number, by: number): void {
    if (slot * BUCKETS >= this.durations.length) this.durations = resized(this.durations, this.counts.length * BUCKETS)
    this.durations = increase(this.durations, slot * BUCKETS + bucket, by)
  }

  /** Returns a slot for a new value. It begins with the floor: the value may have had that many requests. */
  private slotFor(value: string): number {
    const slot = this.size < this.capacity ? this.size : this.freed()
    if (slot === this.counts.length) this.grow()
    this.values[slot] = value
    this.slots.set(value, slot)
    this.counts[slot] = this.errors[slot] = this.floor
    return slot
  }

  /** Removes the value with the lowest count and returns its slot. */
  private freed(): number {
    const slot = this.leastSlot()
    this.floor = this.counts[slot]!
    this.slots.delete(this.values[slot] as string)
    this.refused[slot] = this.failed[slot] = 0
    this.durations.fill(0, slot * BUCKETS, (slot + 1) * BUCKETS)
    return slot
  }

  private leastSlot(): number {
    const { counts, size } = this
    while (true) {
      for (; this.leastAt < size; this.leastAt++) if (counts[this.leastAt]! <= this.least) return this.leastAt
      this.least = counts.subarray(0, size).reduce((least, count) => Math.min(least, count))
      this.leastAt = 0
    }
  }

  private grow(): void {
    const room = Math.min(this.capacity, 2 * this.counts.length)
    this.counts = resized(this.counts, room)
    this.errors = resized(this.errors, room)
    this.refused = resized(this.refused, room)
    this.failed = resized(this.failed, room)
  }
}

function resized<Kind extends Counts>(counts: Kind, length: number): Kind {
  const larger = new (counts.constructor as new (length: number) => Kind)(length)
  larger.set(counts)
  return larger
}
