/**
 * Standard output as Ink has it: the size of the terminal, and `take` for each write. It has of a stream what Ink asks for,
 * and nothing else.
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

  /** The terminal is gone: Ink writes nothing more. */
  get destroyed(): boolean {
    return this.terminal.destroyed
  }

  /** By writing nothing Ink waits for what it wrote before: that was taken. */
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

/** For Ink's option `stdout`: `terminal`, of which each write goes to `take`. */
export const inkStdout = (terminal: NodeJS.WriteStream, take: (chunk: string) => void): NodeJS.WriteStream =>
  new InkStdout(terminal, take) as unknown as NodeJS.WriteStream
