import { outcomeOf, type Times } from "../domain/access-log-timeline.ts"
import { StreamEntry } from "../domain/stream-entry.ts"
import { type Held, isEntry, isReset, type Marker } from "./held.ts"

const SLAB_BYTES = 256 * 1024
const SLAB_ENTRIES = 1024

/** A run of entries in one allocation: a full ring is a few hundred objects to the collector, not millions. */
interface Slab {
  firstNumber: number
  count: number
  used: number
  bytes: Buffer
  readonly ends: Uint32Array
  readonly ms: Float64Array
  readonly seq: Float64Array
  readonly at: Float64Array
  /** Only where any entry stands behind others. */
  behind: Float64Array | undefined
  /** Indexes into `OUTCOMES`; markers have one beyond the last. */
  readonly outcomes: Uint8Array
  /** Indexes into the ring's names of gateways. */
  readonly gateways: Uint8Array
}

const NO_ENTRY = 255

/** One more than the number of a slab's last item. */
const lastOf = ({ firstNumber, count }: Slab) => firstNumber + count

type Visit = Parameters<Times["eachTime"]>[0]

/**
 * Ring of the newest entries, at most `maxEntries` and `maxBytes` (whichever is less), dropped oldest first, a slab at
 * a time. Every item has a number that rises by one and never changes.
 */
export class Ring implements Times {
  private readonly slabs: Slab[] = []
  private readonly markers = new Map<number, Marker>()
  private bytesHeld = 0
  private spare: Buffer | undefined
  /** Names of the gateways whose entries are held; the first is none. */
  private readonly names = [""]
  private nextNumber = 0
  private readonly maxEntries: number
  private readonly maxBytes: number

  constructor(maxEntries = 200_000, maxBytes = 64 * 1024 * 1024) {
    this.maxEntries = maxEntries
    this.maxBytes = maxBytes
  }

  /** Number of the oldest item; equal to `end` when the ring is empty. */
  get start(): number {
    return this.slabs[0]?.firstNumber ?? this.nextNumber
  }

  /** One more than the number of the newest item. */
  get end(): number {
    return this.nextNumber
  }

  get length(): number {
    return this.end - this.start
  }

  /** Fill level of the ring, 0 to 1. */
  get fullness(): number {
    return Math.max(this.length / this.maxEntries, this.bytesHeld / this.maxBytes)
  }

  /** Estimates how many more entries fit before `number` is dropped; the ring must not be empty. */
  roomBefore(number: number): number {
    return Math.max(0, number - this.start + this.length / this.fullness - this.length)
  }

  get oldestEntry(): StreamEntry | undefined {
    for (let number = this.start; number < this.end; number++) {
      const held = this.at(number)
      if (held && isEntry(held)) return held
    }
    return undefined
  }

  /** The oldest entries that are held, by gateway. */
  get oldestEntries(): ReadonlyMap<string, StreamEntry> {
    const oldest = new Map<string, StreamEntry>()
    const all = Math.max(1, this.names.length - 1)
    for (const { firstNumber, count, outcomes, gateways } of this.slabs) {
      for (let index = 0; index < count && oldest.size < all; index++) {
        const name = this.names[gateways[index] as number] as string
        if (outcomes[index] === NO_ENTRY || oldest.has(name)) continue
        oldest.set(name, this.at(firstNumber + index) as StreamEntry)
      }
    }
    return oldest
  }

  /** Numbers at which the stream was recreated, oldest first. */
  get resets(): number[] {
    return [...this.markers].filter(([, marker]) => isReset(marker)).map(([number]) => number)
  }

  /** Returns how many of the newest entries stand at `ms` or later. */
  countFrom(ms: number): number {
    let entries = 0
    for (const { count, at, behind, outcomes } of this.slabs.toReversed()) {
      for (let index = count - 1; index >= 0; index--) {
        if (outcomes[index] === NO_ENTRY) continue
        if (Math.max(at[index] as number, behind?.[index] ?? 0) < ms) return entries
        entries++
      }
    }
    return entries
  }

  /** Visits the time at which every entry counts, and its outcome, which are kept beside the bytes: 200 000 take a millisecond. */
  eachTime(visit: (ms: number, outcome: number) => void): void {
    for (const { count, at, outcomes } of this.slabs) {
      for (let index = 0; index < count; index++) {
        const outcome = outcomes[index] as number
        if (outcome !== NO_ENTRY) visit(at[index] as number, outcome)
      }
    }
  }

  /** Visits as `eachTime` does, but only the items of these rising numbers. */
  eachTimeOf(numbers: { readonly length: number; at(index: number): number | undefined }, visit: Visit): void {
    let slab = 0
    for (let index = 0; index < numbers.length; index++) {
      const number = numbers.at(index) as number
      while (slab < this.slabs.length && number >= lastOf(this.slabs[slab] as Slab)) slab++
      const { firstNumber, at, outcomes } = this.slabs[slab] as Slab
      const outcome = outcomes[number - firstNumber] as number
      if (outcome !== NO_ENTRY) visit(at[number - firstNumber] as number, outcome)
    }
  }

  push(held: Held): void {
    const size = isEntry(held) ? held.size : 0
    const slab = this.slabWithRoom(size)
    const index = slab.count++
    if (isEntry(held)) {
      held.copyTo(slab.bytes, slab.used)
      slab.ms[index] = held.ms
      slab.seq[index] = held.seq
      slab.at[index] = held.at
      if (held.behind > 0) slab.behind ??= new Float64Array(SLAB_ENTRIES)
      if (slab.behind) slab.behind[index] = held.behind
      slab.outcomes[index] = outcomeOf(held)
      slab.gateways[index] = held.gateway === "" ? 0 : this.indexOf(held.gateway)
    } else {
      this.markers.set(this.nextNumber, held)
      slab.outcomes[index] = NO_ENTRY
    }
    slab.used += size
    slab.ends[index] = slab.used
    this.nextNumber++
  }

  at(number: number): Held | undefined {
    const marker = this.markers.get(number)
    if (marker) return marker
    const slab = this.slabOf(number)
    if (!slab) return undefined
    const index = number - slab.firstNumber
    const from = index === 0 ? 0 : slab.ends[index - 1]
    const [ms, seq, counts] = [slab.ms[index] as number, slab.seq[index] as number, slab.at[index] as number]
    const entry = new StreamEntry(ms, seq, slab.bytes, from, slab.ends[index], counts)
    entry.behind = slab.behind?.[index] ?? 0
    entry.gateway = this.names[slab.gateways[index] as number] as string
    return entry
  }

  /** Number of entries that the next drop removes while the ring is over a limit; otherwise 0. */
  get surplus(): number {
    const oldest = this.slabs[0]
    const over = this.length > this.maxEntries || this.bytesHeld > this.maxBytes
    return over && oldest && this.slabs.length > 1 ? oldest.count : 0
  }

  /** Drops the oldest slab. */
  drop(): void {
    const oldest = this.slabs.shift()
    if (!oldest) return
    this.bytesHeld -= oldest.bytes.length
    if (oldest.bytes.length === SLAB_BYTES) this.spare = oldest.bytes
    for (const number of this.markers.keys()) {
      if (number >= this.start) break
      this.markers.delete(number)
    }
  }

  private indexOf(gateway: string): number {
    const index = this.names.indexOf(gateway)
    return index < 0 ? this.names.push(gateway) - 1 : index
  }

  private slabWithRoom(size: number): Slab {
    const last = this.slabs.at(-1)
    if (last && last.count < SLAB_ENTRIES && last.used + size <= last.bytes.length) return last
    const bytes = size <= SLAB_BYTES ? (this.spare ?? Buffer.allocUnsafeSlow(SLAB_BYTES)) : Buffer.allocUnsafeSlow(size)
    if (bytes === this.spare) this.spare = undefined
    this.bytesHeld += bytes.length
    const slab: Slab = {
      firstNumber: this.nextNumber,
      count: 0,
      used: 0,
      bytes,
      ends: new Uint32Array(SLAB_ENTRIES),
      ms: new Float64Array(SLAB_ENTRIES),
      seq: new Float64Array(SLAB_ENTRIES),
      at: new Float64Array(SLAB_ENTRIES),
      behind: undefined,
      outcomes: new Uint8Array(SLAB_ENTRIES),
      gateways: new Uint8Array(SLAB_ENTRIES),
    }
    this.slabs.push(slab)
    return slab
  }

  private slabOf(number: number): Slab | undefined {
    let low = 0
    let high = this.slabs.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const slab = this.slabs[middle] as Slab
      if (number < slab.firstNumber) high = middle - 1
      else if (number >= slab.firstNumber + slab.count) low = middle + 1
      else return slab
    }
    return undefined
  }
}
