/** How long what was not taken waits before it is offered again: twice as long each time, to this. */
const RETRY_AT_MOST_MS = 32

/** A terminal as the system has it. */
export interface TerminalFile {
  /** Takes what it has room for at once, and answers how many bytes that were. */
  offer(bytes: Buffer): number
  /** Takes all of it, and keeps the program waiting until it has. */
  write(bytes: Buffer): void
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

  constructor(file: TerminalFile) {
    this.file = file
  }

  /** Writes `text`; `taken` is called once the terminal has all of it, before this returns where it can. One at a time. */
  write(text: string, taken: () => void): void {
    this.rest = Buffer.from(text)
    this.taken = taken
    this.offer(1)
  }

  /** Waits for the terminal to take what it has not taken yet, before something else is written; `taken` follows later. */
  finish(): void {
    if (this.rest.length === 0) return
    this.file.write(this.rest)
    this.rest = this.rest.subarray(this.rest.length)
    clearTimeout(this.timer)
    setImmediate(this.taken)
  }

  private offer(wait: number): void {
    this.rest = this.rest.subarray(this.file.offer(this.rest))
    if (this.rest.length === 0) this.taken()
    else this.timer = setTimeout(() => this.offer(Math.min(wait * 2, RETRY_AT_MOST_MS)), wait)
  }
}
