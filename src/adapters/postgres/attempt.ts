import { DeadlineError } from "../deadline.ts"
import type { Endpoint } from "./endpoint.ts"
import { isLost, isPassingForReads, NoServerError, refusesChanges } from "./errors.ts"
import { LeftError } from "./server.ts"
import { type Access, STATEMENT_TIMEOUT_MS } from "./session.ts"

/** One transaction as its caller sees it: the time that it has, and whether it may be tried again. */
export class Attempt {
  readonly access: Access
  readonly isReading: boolean
  /** Where it is tried; for its errors. */
  endpoint: Endpoint | undefined
  /** Its work has begun. */
  hasBegun = false
  private readonly timeoutMs: number
  private startedAt = 0
  /** What earlier tries took of the time, each from when its server was chosen. */
  private spentMs = 0
  private failures = 0

  /** Each of its statements may take `timeoutMs`; work that `isReading` alone may run again. */
  constructor(access: Access, { isReading = false, timeoutMs = STATEMENT_TIMEOUT_MS } = {}) {
    this.access = access
    this.isReading = isReading
    this.timeoutMs = timeoutMs
  }

  /** What a statement may still take: a later try has the rest of the time. */
  get remainingMs(): number {
    return Math.max(1, Math.ceil(this.timeoutMs - this.spentMs))
  }

  startOn(endpoint: Endpoint): void {
    this.endpoint = endpoint
    this.startedAt = performance.now()
  }

  /**
   * Whether it is tried again after `error`: once, and where it may go to one of several `servers` once for each. Before its work
   * has begun any lost connection is replaced, and a server that is no longer what is wanted. Work that may have
   * written something never runs twice.
   */
  mayBeRepeated(error: unknown, servers: number): boolean {
    this.spentMs += performance.now() - this.startedAt
    // Somebody else chose another server meanwhile, which is no failure of this one's.
    if (!(error instanceof LeftError)) this.failures++
    if (this.failures > servers || this.spentMs >= this.timeoutMs) return false
    // What says nothing says nothing at once thereafter.
    if (servers === 1 && error instanceof DeadlineError) return false
    if (this.hasBegun) return this.isReading && isPassingForReads(error)
    return (
      isLost(error) || error instanceof NoServerError || (servers > 1 && this.failures === 1 && refusesChanges(error))
    )
  }
}
