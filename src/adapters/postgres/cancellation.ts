import { DeckError } from "../../domain/errors.ts"

/** Work that several signals can cancel until it is sealed (when its commit begins). */
export class Cancellation {
  private readonly reasons: AbortSignal
  private readonly controller = new AbortController()
  private readonly abort = () => this.controller.abort()

  constructor(reasons: AbortSignal[]) {
    this.reasons = AbortSignal.any(reasons)
    if (this.reasons.aborted) this.abort()
    else this.reasons.addEventListener("abort", this.abort)
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Ends the possibility to cancel; throws if it was cancelled before. */
  disarm(): void {
    this.signal.throwIfAborted()
    this.dispose()
  }

  /** Removes the listeners. Must be called in every case: a combined signal lives as long as it has a listener. */
  dispose(): void {
    this.reasons.removeEventListener("abort", this.abort)
  }

  /** Result of `work`, or DeckError("cancelled") at once; then `work` cleans up in the background. */
  race<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(new DeckError("cancelled", "cancelled"))
      if (this.signal.aborted) return onAbort()
      this.signal.addEventListener("abort", onAbort)
      work().then(resolve, reject)
    })
  }
}
