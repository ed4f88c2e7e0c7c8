import { environmentManager, QueryClient, type QueryFilters } from "@tanstack/react-query"
import { asDeckError } from "../../domain/errors.ts"

const RETRY_MS = 2000

/**
 * Opens the cache of reads. While the server is unreachable a query retries and has a `failureReason`; any other
 * failure is final. `clear()` it at the end: its timers keep the process alive.
 */
export function openQueries(): QueryClient {
  // react-query takes a process without a window for a server, where nothing is ever released.
  environmentManager.setIsServer(() => false)
  return new QueryClient({
    defaultOptions: { queries: { networkMode: "always", retry: (_, error) => isPassing(error), retryDelay: RETRY_MS } },
  })
}

/** Whether a failed operation is retried automatically. */
export const isPassing = (error: Error): boolean => asDeckError(error).code === "unavailable"

/** Reads again what has changed. A read that was under way is cancelled, since it may have seen what was there before. */
export function readAgain(queries: QueryClient, which: QueryFilters = {}): void {
  void queries.cancelQueries(which).then(() => queries.invalidateQueries(which))
}
