import { DeckError } from "../../domain/errors.ts"

/** Work that several signals can cancel until it is sealed (when its commit begins). */
export class Wish {
  private readonly reasons: AbortSignal
  private readonly calling = new AbortController()
  private readonly callOff = () => this.calling.abort()

  constructor(reasons: AbortSignal[]) {
    this.reasons = AbortSignal.any(reasons)
    if (this.reasons.aborted) this.callOff()
    else this.reasons.addEventListener("abort", this.callOff)
  }

  get signal(): AbortSignal {
    return this.calling.signal
  }

  /** Ends the possibility to cancel; throws if it was cancelled before. */
  grant(): void {
    this.signal.throwIfAborted()
    this.letGo()
  }

  /** Removes the listeners. Must be called in every case: a combined signal lives as long as it has a listener. */
  letGo(): void {
    this.reasons.removeEventListener("abort", this.callOff)
  }

  /**
   * Returns the result of `work`, or DeckError("cancelled") as soon as it is cancelled; `work` then cleans up in the
   * background.
   */
  unlessCalledOff<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(new DeckError("cancelled", "cancelled"))
      if (this.signal.aborted) return onAbort()
      this.signal.addEventListener("abort", onAbort)
      work().then(resolve, reject)
    })
  }
}
