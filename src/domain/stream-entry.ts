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

  /** Size of the fields in bytes. */
  get size(): number {
    return this.end - this.start
  }

  /** Value of the first field called `name` (ASCII), with invalid UTF-8 as U+FFFD; undefined for none. */
  get(name: string): string | undefined {
    const field = this.find(name)
    if (field === undefined) return undefined
    return this.bytes.toString("utf8", field.valueFrom, field.valueTo)
  }

  /** Returns the decimal number in the first field called `name`; null when there is none, or it holds no number. */
  number(name: string): number | null {
    const field = this.find(name)
    if (field === undefined || field.valueTo - field.valueFrom > LONGEST_NUMBER) return null
    return decimal(this.bytes, field.valueFrom, field.valueTo)
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

  /** Finds the first field called `name`; undefined when there is none. */
  private find(name: string): Field | undefined {
    if (walk.entry !== this) {
      walk.entry = this
      walk.passed = 0
      walk.at = this.start
    }
    for (let i = 0; i < walk.passed; i++) {
      const field = walk.fields[i] as Field
      if (this.isCalled(field, name)) return field
    }
    while (walk.at < this.end) {
      const field = this.pass()
      if (this.isCalled(field, name)) return field
    }
    return undefined
  }

  private isCalled(field: Field, name: string): boolean {
    return field.nameLength === name.length && isTextAt(this.bytes, field.nameFrom, name)
  }

  /** Parses the next field of the walk. */
  private pass(): Field {
    const { bytes } = this
    const nameLength = lengthAt(bytes, walk.at)
    const nameFrom = walk.at + headSize(nameLength)
    const valueAt = nameFrom + nameLength + CRLF.length
    const valueLength = lengthAt(bytes, valueAt)
    const valueFrom = valueAt + headSize(valueLength)
    const valueTo = valueFrom + valueLength
    walk.at = valueTo + CRLF.length
    walk.fields[walk.passed] ??= { nameFrom: 0, nameLength: 0, valueFrom: 0, valueTo: 0 }
    const field = walk.fields[walk.passed++] as Field
    field.nameFrom = nameFrom
    field.nameLength = nameLength
    field.valueFrom = valueFrom
    field.valueTo = valueTo
    return field
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

/** Position of a field in the bytes. */
interface Field {
  nameFrom: number
  nameLength: number
  valueFrom: number
  valueTo: number
}

/** Parsed part of the last entry used: several fields are read in a row. */
const walk = { entry: undefined as StreamEntry | undefined, fields: [] as Field[], passed: 0, at: 0 }

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

function isTextAt(bytes: Buffer, from: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false
  return true
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
