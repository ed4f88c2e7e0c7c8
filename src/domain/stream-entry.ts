const CR = 13
const DOLLAR = 36
const ZERO = 48

/**
 * One entry of the access-log stream as Redis holds it: its id, and its fields as the bytes of RESP bulk strings
 * (`$<length>\r\n<bytes>\r\n`, name and value by turns). Fields are found only when asked for, which is what
 * makes reading a busy stream cheap; a ring can keep `bytes.subarray(start, end)` as it is.
 */
export class StreamEntry {
  /** The id's two halves: milliseconds since the epoch, and the number within that millisecond. */
  readonly ms: number
  readonly seq: number
  private readonly bytes: Buffer
  private readonly start: number
  private readonly end: number

  constructor(ms: number, seq: number, bytes: Buffer, start = 0, end = bytes.length) {
    this.ms = ms
    this.seq = seq
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get id(): string {
    return `${this.ms}-${this.seq}`
  }

  /** How many bytes the fields take, as kept. */
  get size(): number {
    return this.end - this.start
  }

  /** The value of the first field called `name` (ASCII), with invalid UTF-8 as U+FFFD; undefined when there is none. */
  get(name: string): string | undefined {
    const start = this.find(name)
    return start < 0 ? undefined : this.bytes.toString("utf8", start, start + this.valueLength)
  }

  /** The decimal number that the first field called `name` holds; null when there is none, or it holds no number. */
  number(name: string): number | null {
    const start = this.find(name)
    if (start < 0) return null
    const length = this.valueLength
    if (length === 0 || length > LONGEST_NUMBER) return null
    let whole = 0
    for (let i = start; i < start + length; i++) {
      const digit = (this.bytes[i] as number) - ZERO
      if (digit < 0 || digit > 9) return decimal(this.bytes.toString("latin1", start, start + length))
      whole = whole * 10 + digit
    }
    return whole
  }

  /** Every field in its order, duplicate names included. */
  pairs(): [name: string, value: string][] {
    const strings: string[] = []
    for (let at = this.start; at < this.end; ) {
      const length = this.lengthAt(at)
      const from = this.afterLength
      strings.push(this.bytes.toString("utf8", from, from + length))
      at = from + length + 2
    }
    const pairs: [string, string][] = []
    for (let i = 0; i + 1 < strings.length; i += 2) pairs.push([strings[i] as string, strings[i + 1] as string])
    return pairs
  }

  /** Copies the field bytes to `target` at `offset`; returns how many were written. */
  copyTo(target: Buffer, offset: number): number {
    return this.bytes.copy(target, offset, this.start, this.end)
  }

  /** Where the value of the first field called `name` begins, its length in valueLength; -1 when there is none. */
  private find(name: string): number {
    const { bytes, end } = this
    let at = this.start
    while (at < end) {
      const nameLength = this.lengthAt(at)
      const nameStart = this.afterLength
      this.valueLength = this.lengthAt(nameStart + nameLength + 2)
      if (nameLength === name.length) {
        let i = 0
        while (i < nameLength && bytes[nameStart + i] === name.charCodeAt(i)) i++
        if (i === nameLength) return this.afterLength
      }
      at = this.afterLength + this.valueLength + 2
    }
    return -1
  }

  /** Second results of lengthAt (where the bulk string's bytes begin) and of find: fields, so that no pair is allocated. */
  private afterLength = 0
  private valueLength = 0

  private lengthAt(at: number): number {
    const { bytes } = this
    if (bytes[at] !== DOLLAR) throw new RangeError("stream entry: a bulk string was expected")
    let length = 0
    let i = at + 1
    for (let byte = bytes[i] as number; byte !== CR; byte = bytes[++i] as number) length = length * 10 + byte - ZERO
    this.afterLength = i + 2
    return length
  }

  /** An entry from decoded fields, for readers that do not hand out bytes. */
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

/** More digits than these are no measurement, and a double would not hold them. */
const LONGEST_NUMBER = 24

/** `text` as a number when it is plain decimal notation: no blanks, no hexadecimal, no infinity. */
function decimal(text: string): number | null {
  return /^[-+]?\d+(\.\d+)?(e[-+]?\d{1,2})?$/i.test(text) ? Number(text) : null
}

/** The two halves of a stream id; the second is 0 where it is left out. */
export function parseStreamId(id: string): [ms: number, seq: number] {
  const dash = id.indexOf("-")
  return dash < 0 ? [Number(id), 0] : [Number(id.slice(0, dash)), Number(id.slice(dash + 1))]
}

/** Order of two ids: negative when `a` is older. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs, aSeq] = parseStreamId(a)
  const [bMs, bSeq] = parseStreamId(b)
  return aMs - bMs || aSeq - bSeq
}
