/**
 * Standard output for Ink: the size of the terminal, and `take` for each write. Has only those members of a stream that
 * Ink uses.
 */
class InkStdout {
  readonly isTTY = true
  private readonly terminal: NodeJS.WriteStream
  private readonly take: (chunk: string) => void

  constructor(terminal: NodeJS.WriteStream, take: (chunk: string) => void) {
    this.terminal = terminal
    this.take = take
  }

  get columns(): number {
    return this.terminal.columns
  }

  get rows(): number {
    return this.terminal.rows
  }

  /** Ink writes nothing more after the terminal is gone. */
  get destroyed(): boolean {
    return this.terminal.destroyed
  }

  /** Ink writes an empty text to wait for its earlier writes, which `take` has handled already. */
  write(chunk: string, written?: () => void): boolean {
    this.take(chunk)
    if (written) process.nextTick(written)
    return true
  }

  on(event: "resize", listener: () => void): void {
    this.terminal.on(event, listener)
  }

  off(event: "resize", listener: () => void): void {
    this.terminal.off(event, listener)
  }
}

/** Returns the stream for Ink's option `stdout`, whose writes go to `take`. */
export const inkStdout = (terminal: NodeJS.WriteStream, take: (chunk: string) => void): NodeJS.WriteStream =>
  new InkStdout(terminal, take) as unknown as NodeJS.WriteStream
