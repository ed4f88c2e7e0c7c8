/** A stream that is written to no faster than its reader takes it. */
export interface Output {
  /** Whether it is a terminal. */
  readonly terminal: boolean
  /** Resolves when the text has left the process; rejects with the system's error (`EPIPE`: the reader has gone). */
  write(text: string): Promise<void>
}

/** Opens `stream` as an Output whose pending write is given up, with the signal's reason, when `signal` fires. */
export function openOutput(stream: NodeJS.WritableStream, signal: AbortSignal): Output {
  // Every failure rejects the pending write; without a listener, the event would end the process.
  stream.on("error", () => {})
  return {
    terminal: "isTTY" in stream && stream.isTTY === true,
    write: text =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const giveUp = () => reject(signal.reason)
        signal.addEventListener("abort", giveUp)
        stream.write(text, error => {
          signal.removeEventListener("abort", giveUp)
          if (error) reject(error)
          else resolve()
        })
      }),
  }
}

export const isClosedPipe = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code === "EPIPE"
