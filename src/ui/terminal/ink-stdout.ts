/**
 * Returns the stream for Ink's option `stdout`: the size of the terminal, and `take` for each write. Has only those
 * members of a stream that Ink uses.
 */
export function inkStdout(terminal: NodeJS.WriteStream, take: (chunk: string) => void): NodeJS.WriteStream {
  const stdout = {
    isTTY: true,
    get columns() {
      return terminal.columns
    },
    get rows() {
      return terminal.rows
    },
    /** Ink writes nothing more after the terminal is gone. */
    get destroyed() {
      return terminal.destroyed
    },
    /** Ink writes an empty text to wait for its earlier writes, which `take` has handled already. */
    write(chunk: string, written?: () => void) {
      take(chunk)
      if (written) process.nextTick(written)
      return true
    },
    on: (event: "resize", listener: () => void) => void terminal.on(event, listener),
    off: (event: "resize", listener: () => void) => void terminal.off(event, listener),
  }
  return stdout as unknown as NodeJS.WriteStream
}
