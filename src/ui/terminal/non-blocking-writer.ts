/** Longest delay before a retry, doubled each time up to this. */
const RETRY_AT_MOST_MS = 32

/** Time after which a terminal that takes nothing is stuck: stopped by Ctrl-S, or behind a dead link. */
const STUCK_MS = 10_000
/** The same limit while the program is ending. */
const STUCK_AT_END_MS = 500
const LOOK_AGAIN_MS = 10

/** Terminal device. */
export interface TerminalFile {
  /** Writes what fits at once, and returns the number of bytes written. */
  offer(bytes: Buffer): number
}

/**
 * Non-blocking writer to a terminal. Node writes to terminals blocking: one that takes no output, as behind a link that
 * stalls, would stop keys, clocks and signals as well.
 */
export class NonBlockingWriter {
  private readonly file: TerminalFile
  private rest: Buffer = Buffer.alloc(0)
  private taken = () => {}
  private timer: NodeJS.Timeout | undefined
  private isStuck = false
  private stuckAfterMs = STUCK_MS

  constructor(file: TerminalFile) {
    this.file = file
  }

  /**
   * Writes `text`; calls `taken` once the terminal has all of it, synchronously where possible. One write at a time.
   */
  write(text: string, taken: () => void): void {
    this.rest = Buffer.from(text)
    this.taken = taken
    this.offer(1)
  }

  /**
   * Writes `text` after what is pending, and returns once the terminal has all of it; returns false where it is stuck
   * and the rest was dropped.
   */
  writeSync(text: string): boolean {
    clearTimeout(this.timer)
    if (this.rest.length > 0) setImmediate(this.taken)
    this.rest = Buffer.concat([this.rest, Buffer.from(text)])
    let tookAt = performance.now()
    while (this.rest.length > 0) {
      if (this.offerRest()) tookAt = performance.now()
      else if (this.isStuck || performance.now() - tookAt >= this.stuckAfterMs) break
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS)
    }
    this.isStuck = this.rest.length > 0
    this.rest = Buffer.alloc(0)
    return !this.isStuck
  }

  /** Shortens the limit, since the program is about to end. */
  endSoon(): void {
    this.stuckAfterMs = STUCK_AT_END_MS
  }

  private offer(wait: number): void {
    this.offerRest()
    if (this.rest.length === 0) this.taken()
    else this.timer = setTimeout(() => this.offer(Math.min(wait * 2, RETRY_AT_MOST_MS)), wait)
  }

  /** Returns whether the terminal took anything. */
  private offerRest(): boolean {
    const taken = this.file.offer(this.rest)
    this.rest = this.rest.subarray(taken)
    if (taken > 0) this.isStuck = false
    return taken > 0
  }
}
