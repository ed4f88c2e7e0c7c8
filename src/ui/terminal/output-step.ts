/** A step on the way to the terminal. */
export interface OutputStep {
  write(chunk: string): void
  /** Undoes its settings; nothing is written through it afterwards. */
  end(): void
}
