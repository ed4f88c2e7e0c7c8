/** Texts that are remembered at once, and the bytes that they may have together. */
const MOST = 4096
const ROOM = 48 * MOST
/** Longer texts seldom come again. */
const LONGEST = 256

/** Writes a shorter text `into` a buffer of 512 bytes and returns its length; -1 where it has none. */
export type Shorten = (bytes: Buffer, from: number, to: number, into: Buffer) => number

const shortened = Buffer.alloc(2 * LONGEST)

/**
 * Remembers what was made of texts, by their bytes, so that a text that comes again is neither decoded nor looked at. A
 * hash only says where to look: the bytes are compared. When it is full, it forgets everything.
 */
export class ByteMemory<Made> {
  private readonly make: (text: string) => Made
  private readonly shorten: Shorten | undefined
  /** One more than the number of the text at a place, or 0; texts with the same place follow one another. */
  private readonly places = new Uint16Array(2 * MOST)
  private readonly hashes = new Int32Array(MOST)
  private readonly starts = new Uint32Array(MOST + 1)
  private readonly bytes = Buffer.alloc(ROOM)
  private readonly made: Made[] = []

  /** `shorten` replaces a text by one of which the same is made, before it is looked for. */
  constructor(make: (text: string) => Made, shorten?: Shorten) {
    this.make = make
    this.shorten = shorten
  }

  /** Returns what is made of the text (UTF-8) from `from` to `to`. */
  of(bytes: Buffer, from: number, to: number): Made {
    if (this.shorten === undefined) return this.find(bytes, from, to)
    const length = this.shorten(bytes, from, to, shortened)
    return length < 0 ? this.make(bytes.toString("utf8", from, to)) : this.find(shortened, 0, length)
  }

  private find(bytes: Buffer, from: number, to: number): Made {
    if (to - from > LONGEST) return this.make(bytes.toString("utf8", from, to))
    const hash = hashOf(bytes, from, to)
    let place = placeOf(hash)
    for (let number = this.places[place]!; number !== 0; number = this.places[place]!) {
      if (this.hashes[number - 1] === hash && this.isText(number - 1, bytes, from, to)) return this.made[number - 1]!
      place = (place + 1) % this.places.length
    }
    return this.remember(hash, bytes, from, to)
  }

  private isText(number: number, bytes: Buffer, from: number, to: number): boolean {
    const start = this.starts[number]!
    if (this.starts[number + 1]! - start !== to - from) return false
    for (let i = from, own = start; i < to; i++, own++) if (bytes[i] !== this.bytes[own]) return false
    return true
  }

  private remember(hash: number, bytes: Buffer, from: number, to: number): Made {
    const start = this.starts[this.made.length]!
    if (this.made.length === MOST || start + to - from > ROOM) {
      this.forget()
      return this.remember(hash, bytes, from, to)
    }
    const made = this.make(bytes.toString("utf8", from, to))
    for (let i = from, own = start; i < to; i++, own++) this.bytes[own] = bytes[i]!
    this.hashes[this.made.length] = hash
    let place = placeOf(hash)
    while (this.places[place] !== 0) place = (place + 1) % this.places.length
    this.places[place] = this.made.push(made)
    this.starts[this.made.length] = start + to - from
    return made
  }

  private forget(): void {
    this.places.fill(0)
    this.made.length = 0
  }
}

const placeOf = (hash: number) => (hash >>> 8) % (2 * MOST)

/** Another one in each process, so that nobody can send texts that all have one hash. */
const SEED = Math.floor(Math.random() * 2 ** 32)

/** FNV-1a by four bytes at a time, mixed at the end. */
export function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = SEED ^ (to - from)
  let i = from
  for (; i + 4 <= to; i += 4) {
    const four = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    hash = Math.imul(hash ^ four, 0x01000193)
    hash ^= hash >>> 15
  }
  for (; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
}
