const FIRST_SIZE = 64 << 10

/** Rows in ClickHouse's format RowBinary, in which numbers keep all of their bits and a text is as long as it says. */
export class RowBinary {
  private buffer = Buffer.allocUnsafe(FIRST_SIZE)
  private used = 0

  /** How many bytes they are. */
  get size(): number {
    return this.used
  }

  /** The rows as they are to be sent. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.used)
  }

  u16(value: number): this {
    this.used = this.room(2).writeUInt16LE(value, this.used)
    return this
  }

  u64(value: bigint): this {
    this.used = this.room(8).writeBigUInt64LE(value, this.used)
    return this
  }

  i64(value: number): this {
    this.used = this.room(8).writeBigInt64LE(BigInt(value), this.used)
    return this
  }

  f64(value: number): this {
    this.used = this.room(8).writeDoubleLE(value, this.used)
    return this
  }

  text(value: string): this {
    const length = Buffer.byteLength(value)
    this.room(length + LONGEST_LENGTH)
    let rest = length
    for (; rest > 127; rest = Math.floor(rest / 128)) this.used = this.buffer.writeUInt8(128 + (rest % 128), this.used)
    this.used = this.buffer.writeUInt8(rest, this.used)
    this.used += this.buffer.write(value, this.used)
    return this
  }

  /** A value of a column that may be null. */
  nullable<Value>(value: Value | null, write: (value: Value) => unknown): this {
    this.used = this.room(1).writeUInt8(value === null ? 1 : 0, this.used)
    if (value !== null) write(value)
    return this
  }

  /** Puts another number in the place of one that was written at `at`. */
  setU16(at: number, value: number): void {
    this.buffer.writeUInt16LE(value, at)
  }

  private room(bytes: number): Buffer {
    if (this.used + bytes > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.used + bytes))
      this.buffer.copy(larger, 0, 0, this.used)
      this.buffer = larger
    }
    return this.buffer
  }
}

/** Most bytes that the length of a text takes. */
const LONGEST_LENGTH = 10
