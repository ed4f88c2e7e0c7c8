import { DeckError } from "../domain/errors.ts"

/** Nothing came within `ms`. */
export class DeadlineError extends Error {
  constructor(ms: number, to = "") {
    super(`no answer${to} within ${ms / 1000} s`)
  }
}

/**
 * What `work` gives; DeadlineError when that takes longer than `ms`, DeckError("cancelled") as soon as `signal` fires.
 * `work` itself goes on: whoever calls this ends the connection it hangs on.
 */
export function within<T>(ms: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => settle(() => reject(new DeckError("cancelled", "cancelled")))
    // After a stall of this process the answer may lie in the socket, unread: one turn of the event loop lets it in.
    const timer = setTimeout(() => setImmediate(() => settle(() => reject(new DeadlineError(ms)))), ms)
    const settle = (how: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", cancel)
      how()
    }
    if (signal?.aborted) cancel()
    else signal?.addEventListener("abort", cancel)
    work.then(
      value => settle(() => resolve(value)),
      error => settle(() => reject(error)),
    )
  })
}
