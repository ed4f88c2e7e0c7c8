import { Redis } from "ioredis"
import { PATIENCE_MS } from "./waiting.ts"

/**
 * A connection that comes back by itself after an outage. A command whose server does not come back fails in the end, and its stack says
 * which it was.
 */
export function returningClient(url: string): Redis {
  const redis = new Redis(url, {
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
    commandTimeout: PATIENCE_MS,
    showFriendlyErrorStack: true,
  })
  redis.on("error", () => {})
  return redis
}
