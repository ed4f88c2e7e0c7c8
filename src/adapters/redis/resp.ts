import { StreamEntry } from "../../domain/stream-entry.ts"
import { IdOutOfRangeError, ReplyError } from "./errors.ts"

export type Reply = string | number | null | ReplyError | Reply[]

const LF = 10
const CR = 13
const DASH = 45
const ZERO = 48
/** Size of the blocks that received bytes are kept in; a larger entry gets a block of twice its size. */
const BLOCK = 256 << 10

/**
 * Decoder of RESP2, as it arrives. Stream entries are the fast path: their fields are stepped over by length and never
 * parsed, and the entries are views of the received bytes. A reply in pieces is resumed where it broke off, so the work
 * grows with its length alone.
 */
export class RespReader {
  private readonly nextChunk: () => Promise<Buffer>
  private bytes = Buffer.alloc(0)
  /** `start` to `end` of `bytes` is received and unread; `at` is where decoding goes on and may be beyond `end`. */
  private start = 0
  private at = 0
  private end = 0

  /** `nextChunk` returns the bytes that follow, at least one; it rejects when the connection has ended. */
  constructor(nextChunk: () => Promise<Buffer>) {
    this.nextChunk = nextChunk
  }

  /** Reads one whole reply; text as UTF-8, an error as a value. For small replies. */
  async reply(): Promise<Reply> {
    const line = await this.line()
    const rest = line.slice(1)
    switch (line[0]) {
      case "+":
        return rest
      case "-":
        return new ReplyError(rest)
      case ":":
        return Number(rest)
      case "$":
        return rest === "-1" ? null : this.bulk(Number(rest))
      case "*":
        return rest === "-1" ? null : this.items(Number(rest))
      default:
        throw new ReplyError("the reply is not in Redis's protocol")
    }
  }

  /** Reads the header of an array and returns its length, 0 for none; throws an error reply in its place. */
  async arrayLength(): Promise<number> {
    const line = await this.line()
    if (line.startsWith("-")) throw new ReplyError(line.slice(1))
    if (!line.startsWith("*")) throw new ReplyError("unexpected reply: not a list")
    return Math.max(0, Number(line.slice(1)))
  }

  /** Returns the stream entries that have arrived whole, at most `limit`; waits until there is at least one. */
  async entries(limit: number): Promise<StreamEntry[]> {
    const entries: StreamEntry[] = []
    for (;;) {
      while (entries.length < limit && this.stepOverEntry()) {
        entries.push(new StreamEntry(this.ms, this.seq, this.bytes, this.fieldsStart, this.at))
        this.start = this.at
        this.stringsLeft = -1
      }
      if (entries.length > 0) return entries
      await this.fill()
    }
  }

  /** State of the entry being read: its id, the offset of its fields, the number of their strings to come. */
  private ms = 0
  private seq = 0
  private fieldsStart = 0
  private stringsLeft = -1

  /** Moves `at` past the entry at `start`; returns false when more bytes are needed, and a further call resumes. */
  private stepOverEntry(): boolean {
    if (this.stringsLeft < 0 && !this.stepOverHead()) return false
    while (this.stringsLeft > 0) {
      const length = this.number()
      if (length < 0) return false
      this.at += length + 2
      this.stringsLeft--
    }
    return this.at <= this.end
  }

  /** Parses `*2 $<n> <id> *<strings>`, all or nothing. */
  private stepOverHead(): boolean {
    this.at = this.start
    if (this.number() < 0) return false
    const idLength = this.number()
    const id = this.at
    if (idLength < 0 || id + idLength + 2 > this.end) return false
    this.at = id + idLength + 2
    const strings = this.number()
    if (strings < 0) return false
    const dash = this.bytes.indexOf(DASH, id)
    this.ms = this.digits(id, dash)
    this.seq = this.digits(dash + 1, id + idLength)
    if (!Number.isSafeInteger(this.ms) || !Number.isSafeInteger(this.seq)) {
      throw new IdOutOfRangeError(this.bytes.toString("latin1", id, id + idLength))
    }
    this.fieldsStart = this.at
    this.stringsLeft = strings
    return true
  }

  /** Number of a header line (`*3`, `$12`), with `at` moved past it; -1, `at` unmoved, when it is incomplete. */
  private number(): number {
    const { bytes, end } = this
    let value = 0
    for (let i = this.at + 1; i < end - 1; i++) {
      const byte = bytes[i] as number
      if (byte === CR) {
        this.at = i + 2
        return value
      }
      value = value * 10 + byte - ZERO
    }
    return -1
  }

  private digits(from: number, to: number): number {
    let value = 0
    for (let i = from; i < to; i++) value = value * 10 + (this.bytes[i] as number) - ZERO
    return value
  }

  /** Reads a line, without its CRLF. */
  private async line(): Promise<string> {
    for (let from = this.at; ; ) {
      const lf = this.bytes.indexOf(LF, from)
      if (lf >= 0 && lf < this.end) return this.take(lf - 1, lf + 1)
      const searched = this.end - this.start
      await this.fill()
      from = this.start + searched
    }
  }

  private async bulk(length: number): Promise<string> {
    while (this.at + length + 2 > this.end) await this.fill()
    return this.take(this.at + length, this.at + length + 2)
  }

  private async items(count: number): Promise<Reply[]> {
    const items: Reply[] = []
    while (items.length < count) items.push(await this.reply())
    return items
  }

  /** Returns the text from `at` to `end` and goes on reading at `next`. */
  private take(end: number, next: number): string {
    const text = this.bytes.toString("utf8", this.at, end)
    this.at = next
    this.start = next
    return text
  }

  /** Receives the next bytes. Bytes of entries that were returned are never overwritten: a new block begins instead. */
  private async fill(): Promise<void> {
    const chunk = await this.nextChunk()
    const { start, end } = this
    if (end + chunk.length > this.bytes.length) {
      const unread = end - start
      const block = Buffer.allocUnsafeSlow(Math.max(BLOCK, 2 * (unread + chunk.length)))
      this.bytes.copy(block, 0, start, end)
      this.bytes = block
      this.start = 0
      this.at -= start
      this.fieldsStart -= start
      this.end = unread
    }
    chunk.copy(this.bytes, this.end)
    this.end += chunk.length
  }
}
