import { DeckError } from "../../domain/errors.ts"

/** What may be called off by any of several signals, until it is granted: from then on nobody can stop it. */
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

  /** Throws when it was called off before. */
  grant(): void {
    this.signal.throwIfAborted()
    this.letGo()
  }

  /** To be called in the end, however it ended: a combined signal lives as long as somebody listens to it. */
  letGo(): void {
    this.reasons.removeEventListener("abort", this.callOff)
  }

  /** What `work` gives, or DeckError("cancelled") as soon as it is called off; `work` then cleans up behind the scenes. */
  unlessCalledOff<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(new DeckError("cancelled", "cancelled"))
      if (this.signal.aborted) return onAbort()
      this.signal.addEventListener("abort", onAbort)
      work().then(resolve, reject)
    })
  }
}
