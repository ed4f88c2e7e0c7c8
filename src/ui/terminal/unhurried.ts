/** How long what was not taken waits before it is offered again: twice as long each time, to this. */
const RETRY_AT_MOST_MS = 32

/** A terminal that takes nothing for so long is stuck: stopped by Ctrl-S, or behind a link that is no more. */
const STUCK_MS = 10_000
/** The same for a program that is told to end. */
const STUCK_IN_HASTE_MS = 500
const LOOK_AGAIN_MS = 10

/** A terminal as the system has it. */
export interface TerminalFile {
  /** Takes what it has room for at once, and answers how many bytes that were. */
  offer(bytes: Buffer): number
}

/**
 * Writes to a terminal without waiting for it. Node writes to terminals blocking: one that takes no output, as behind a
 * link that stalls, would stop keys, clocks and signals as well.
 */
export class UnhurriedWriter {
  private readonly file: TerminalFile
  private rest: Buffer = Buffer.alloc(0)
  private taken = () => {}
  private timer: NodeJS.Timeout | undefined
  private isStuck = false
  private stuckAfterMs = STUCK_MS

  constructor(file: TerminalFile) {
    this.file = file
  }

  /** Writes `text`; `taken` is called once the terminal has all of it, before this returns where it can. One at a time. */
  write(text: string, taken: () => void): void {
    this.rest = Buffer.from(text)
    this.taken = taken
    this.offer(1)
  }

  /**
   * Writes `text` behind what is on its way, and returns once the terminal has all of it; answers false where it is stuck
   * and what it did not take was dropped.
   */
  insist(text: string): boolean {
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

  /** The program is to end soon. */
  hasten(): void {
    this.stuckAfterMs = STUCK_IN_HASTE_MS
  }

  private offer(wait: number): void {
    this.offerRest()
    if (this.rest.length === 0) this.taken()
    else this.timer = setTimeout(() => this.offer(Math.min(wait * 2, RETRY_AT_MOST_MS)), wait)
  }

  /** Whether the terminal took anything. */
  private offerRest(): boolean {
    const taken = this.file.offer(this.rest)
    this.rest = this.rest.subarray(taken)
    if (taken > 0) this.isStuck = false
    return taken > 0
  }
}
