import type { ByteMemory } from "./byte-memory.ts"
import { statusClassAt } from "./status-class.ts"

const CR = 13
const DOLLAR = 36
const ZERO = 48

/**
 * One entry of the access-log stream as sent by Redis: its id, and its fields as the bytes of RESP bulk strings
 * (`$<length>\r\n<bytes>\r\n`, names and values alternating). Fields are parsed only when they are read, which keeps a
 * busy stream cheap; a ring can store `bytes.subarray(start, end)` as it is.
 */
export class StreamEntry {
  /** The id's two halves: milliseconds since the epoch, and the number within that millisecond. */
  readonly ms: number
  readonly seq: number
  /** When it counts, in ms since the epoch (`stream-clock.ts`): for whoever follows the stream; else the id's time. */
  at: number
  /**
   * Of several gateways: the latest time at which an entry counts that was given before it, by another one. It stands behind that,
   * though it may count earlier.
   */
  behind = 0
  /** Name of the gateway that logged it; empty where there is one, which nobody named. */
  gateway = ""
  private readonly bytes: Buffer
  private readonly start: number
  private readonly end: number
  private readClass: number | undefined
  private readDuration: number | null | undefined

  constructor(ms: number, seq: number, bytes: Buffer, start = 0, end = bytes.length, at = ms) {
    this.ms = ms
    this.seq = seq
    this.at = at
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  /** When it counts, or those before it: this rises from row to row. */
  get placedAt(): number {
    return Math.max(this.at, this.behind)
  }

  get id(): string {
    return `${this.ms}-${this.seq}`
  }

  /** Index of the status in `STATUS_CLASSES`; -1 for none. Like the duration, it is read once for all who count by it. */
  get statusClass(): number {
    this.readClass ??= statusClassAt(this.number("status"))
    return this.readClass
  }

  /** Duration in ms; null for none. */
  get duration(): number | null {
    if (this.readDuration === undefined) this.readDuration = this.number("duration_ms")
    return this.readDuration
  }

  /** Size of the fields in bytes. */
  get size(): number {
    return this.end - this.start
  }

  /** Value of the first field called `name` (ASCII), with invalid UTF-8 as U+FFFD; undefined for none. */
  get(name: string): string | undefined {
    const index = this.find(name)
    return index < 0 ? undefined : this.bytes.toString("utf8", walk.valueFrom[index], walk.valueTo[index])
  }

  /** Returns the decimal number in the first field called `name`; null when there is none, or it holds no number. */
  number(name: string): number | null {
    const index = this.find(name)
    if (index < 0) return null
    const [from, to] = [walk.valueFrom[index] as number, walk.valueTo[index] as number]
    return to - from > LONGEST_NUMBER ? null : decimal(this.bytes, from, to)
  }

  /** Returns what `memory` makes of the value of the first field called `name`, or of no text where there is none. */
  recall<Made>(name: string, memory: ByteMemory<Made>): Made {
    const index = this.find(name)
    return index < 0
      ? memory.of(this.bytes, 0, 0)
      : memory.of(this.bytes, walk.valueFrom[index] as number, walk.valueTo[index] as number)
  }

  /** Returns all fields in their order, duplicate names included. */
  pairs(): [name: string, value: string][] {
    const strings: string[] = []
    for (let at = this.start; at < this.end; ) {
      const length = lengthAt(this.bytes, at)
      const from = at + headSize(length)
      strings.push(this.bytes.toString("utf8", from, from + length))
      at = from + length + CRLF.length
    }
    const pairs: [string, string][] = []
    for (let i = 0; i + 1 < strings.length; i += 2) pairs.push([strings[i] as string, strings[i + 1] as string])
    return pairs
  }

  /** Copies the field bytes to `target` at `offset`; returns the number of bytes. */
  copyTo(target: Buffer, offset: number): number {
    return this.bytes.copy(target, offset, this.start, this.end)
  }

  /** Returns the index in `walk` of the first field called `name`; -1 when there is none. */
  private find(name: string): number {
    if (walk.entry !== this) {
      walk.entry = this
      walk.passed = 0
      walk.at = this.start
    }
    const sign = signOf(name.length, name.charCodeAt(0))
    for (let i = 0; i < walk.passed; i++) if (walk.signs[i] === sign && this.isCalled(i, name)) return i
    while (walk.at < this.end) {
      const i = this.pass()
      if (walk.signs[i] === sign && this.isCalled(i, name)) return i
    }
    return -1
  }

  private isCalled(index: number, name: string): boolean {
    const from = walk.nameFrom[index] as number
    for (let i = 0; i < name.length; i++) if (this.bytes[from + i] !== name.charCodeAt(i)) return false
    return true
  }

  /** Parses the next field of the walk; returns its index. */
  private pass(): number {
    const { bytes } = this
    const nameLength = lengthAt(bytes, walk.at)
    const nameFrom = walk.at + headSize(nameLength)
    const valueAt = nameFrom + nameLength + CRLF.length
    const valueLength = lengthAt(bytes, valueAt)
    const valueFrom = valueAt + headSize(valueLength)
    const index = walk.passed++
    walk.signs[index] = signOf(nameLength, bytes[nameFrom] as number)
    walk.nameFrom[index] = nameFrom
    walk.valueFrom[index] = valueFrom
    walk.valueTo[index] = valueFrom + valueLength
    walk.at = valueFrom + valueLength + CRLF.length
    return index
  }

  /** Creates an entry from decoded fields, for readers without raw bytes. */
  static from(id: string, pairs: readonly (readonly [name: Buffer | string, value: Buffer | string])[]): StreamEntry {
    const [ms, seq] = parseStreamId(id)
    const parts: Buffer[] = []
    for (const pair of pairs) {
      for (const text of pair) {
        const value = typeof text === "string" ? Buffer.from(text) : text
        parts.push(Buffer.from(`$${value.length}\r\n`), value, CRLF)
      }
    }
    return new StreamEntry(ms, seq, Buffer.concat(parts))
  }
}

const CRLF = Buffer.from("\r\n")

/** Parsed part of the last entry used, a list for each of what is known of a field: several fields are read in a row. */
const walk = {
  entry: undefined as StreamEntry | undefined,
  passed: 0,
  at: 0,
  signs: [] as number[],
  nameFrom: [] as number[],
  valueFrom: [] as number[],
  valueTo: [] as number[],
}

/** Tells most names apart: length and first character. An empty name has a CR or nothing for the latter. */
const signOf = (length: number, first: number) => (length === 0 ? 0 : (length << 8) | first)

/** Parses the length of the bulk string at `at`. */
function lengthAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== DOLLAR) throw new RangeError("stream entry: a bulk string was expected")
  let length = 0
  for (let i = at + 1; bytes[i] !== CR; i++) length = length * 10 + (bytes[i] as number) - ZERO
  return length
}

/** Returns the size of `$<length>\r\n`. */
function headSize(length: number): number {
  return length < 10 ? 4 : length < 100 ? 5 : 3 + String(length).length
}

/** Maximum number of digits: more exceed any measurement, and a double. */
const LONGEST_NUMBER = 24

/** Parses a number in plain decimal notation: no blanks, no hexadecimal, no infinity. */
function decimal(bytes: Buffer, from: number, to: number): number | null {
  let whole = 0
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO
    if (digit < 0 || digit > 9) return decimalText(bytes.toString("latin1", from, to))
    whole = whole * 10 + digit
  }
  return from === to ? null : whole
}

function decimalText(text: string): number | null {
  return /^[-+]?\d+(\.\d+)?(e[-+]?\d{1,2})?$/i.test(text) ? Number(text) : null
}

/** The highest half of an id, which has 64 bits. */
export const HIGHEST_SEQ = 2n ** 64n - 1n

/** Whether `value` is a stream id: milliseconds and an optional number within them, each up to 64 bits. */
export const isStreamId = (value: string): boolean =>
  /^\d{1,20}(-\d{1,20})?$/.test(value) && value.split("-").every(half => BigInt(half) <= HIGHEST_SEQ)

/** Returns the two halves of a stream id; the second is 0 where it is left out. */
export function parseStreamId(id: string): [ms: number, seq: number] {
  const dash = id.indexOf("-")
  return dash < 0 ? [Number(id), 0] : [Number(id.slice(0, dash)), Number(id.slice(dash + 1))]
}
