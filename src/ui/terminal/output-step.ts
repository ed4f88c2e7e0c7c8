/** A step on the way to the terminal. */
export interface OutputStep {
  write(chunk: string): void
  /** What it set is undone; nothing is written by this way any more. */
  end(): void
}
