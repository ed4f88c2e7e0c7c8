/** A stream that is written to no faster than its reader takes it. */
export interface Output {
  /** Resolves when the text has left the process; rejects with the system's error (`EPIPE`: the reader has gone). */
  write(text: string): Promise<void>
}

export function openOutput(stream: NodeJS.WritableStream): Output {
  // Every failure reaches the one who waits for that write; unheard, the event would end the process.
  stream.on("error", () => {})
  return {
    write: text =>
      new Promise((resolve, reject) => {
        stream.write(text, error => (error ? reject(error) : resolve()))
      }),
  }
}

export const isClosedPipe = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code === "EPIPE"
