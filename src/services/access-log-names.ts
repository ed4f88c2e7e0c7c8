import type { Postgres } from "../adapters/postgres/connection.ts"
import type { AccessLogEntry } from "../domain/access-log.ts"
import { asDeckError } from "../domain/errors.ts"
import { isUuid } from "../domain/uuid.ts"
import { lookupUsernames } from "./users/user-names.ts"

/** How long a name, or its absence, stays in the cache. */
const FRESH_MS = 60_000
const KEPT = 10_000
/** Names are optional: the feed waits no longer than this for them, and retries later after a failure. */
const ANSWER_WITHIN_MS = 1_000
const RETRY_MS = 5_000

/** Cache of user names for a feed: one look-up per batch for unknown ones, in bounded memory. */
export class FeedNames {
  private readonly postgres: Postgres
  /** Oldest look-up first. */
  private readonly known = new Map<string, { readonly name: string; readonly askedAt: number }>()
  private retryAt = 0

  constructor(postgres: Postgres) {
    this.postgres = postgres
  }

  /** Fills in the names of `entries`; without PostgreSQL they stay empty, and the reason is returned once. */
  async fillIn(entries: readonly AccessLogEntry[], signal: AbortSignal): Promise<string | undefined> {
    const trouble = await this.learn(new Set(entries.map(entry => entry.user_id)), signal)
    for (const entry of entries) entry.username = this.known.get(entry.user_id)?.name ?? ""
    return trouble
  }

  private async learn(ids: ReadonlySet<string>, signal: AbortSignal): Promise<string | undefined> {
    const now = performance.now()
    const unknown = [...ids].filter(id => isUuid(id) && !this.isFresh(id, now))
    if (unknown.length === 0 || now < this.retryAt) return undefined
    const failedBefore = this.retryAt > 0
    const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS)
    try {
      const connection = { postgres: this.postgres, signal: AbortSignal.any([signal, deadline]) }
      const names = await lookupUsernames(connection, unknown)
      this.retryAt = 0
      for (const id of unknown) this.remember(id, names.get(id) ?? "", now)
      return undefined
    } catch (error) {
      this.retryAt = performance.now() + RETRY_MS
      if (failedBefore || signal.aborted) return undefined
      return deadline.aborted ? "PostgreSQL does not answer" : asDeckError(error).message
    }
  }

  private isFresh(id: string, now: number): boolean {
    const known = this.known.get(id)
    return known !== undefined && now - known.askedAt < FRESH_MS
  }

  private remember(id: string, name: string, askedAt: number): void {
    this.known.delete(id)
    this.known.set(id, { name, askedAt })
    const [oldest] = this.known.keys()
    if (this.known.size > KEPT && oldest !== undefined) this.known.delete(oldest)
  }
}
