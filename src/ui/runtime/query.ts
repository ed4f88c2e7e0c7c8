import { environmentManager, QueryClient } from "@tanstack/react-query"
import { asDeckError } from "../../domain/errors.ts"

const RETRY_MS = 2000

/**
 * What PostgreSQL said, kept while it is looked at. While the server is out of reach a query goes on asking, and tells
 * its `failureReason` meanwhile; any other failure is final. `clear()` it at the end: its timers hold the process.
 */
export function openQueries(): QueryClient {
  // A process without a window counts as a server, where nothing is ever forgotten.
  environmentManager.setIsServer(() => false)
  return new QueryClient({
    defaultOptions: { queries: { networkMode: "always", retry: (_, error) => isPassing(error), retryDelay: RETRY_MS } },
  })
}

/** Whether what failed is tried again by itself. */
export const isPassing = (error: Error): boolean => asDeckError(error).code === "unavailable"
