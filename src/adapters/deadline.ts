import { DeckError } from "../domain/errors.ts"

/** Error: no result within `ms`. */
export class DeadlineError extends Error {
  constructor(ms: number, to = "") {
    super(`no answer${to} within ${ms / 1000} s`)
  }
}

/** Result of `work`; DeadlineError after `ms`, DeckError("cancelled") on `signal`. `work` itself goes on. */
export function within<T>(ms: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => settle(() => reject(new DeckError("cancelled", "cancelled")))
    // After a stall of this process the answer may be in the socket, unread: one turn of the event loop receives it.
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
