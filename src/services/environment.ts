import type { LateOutcome } from "../adapters/postgres/commit.ts"
import type { Replica } from "../domain/replica.ts"

/** The environment that opsdeck works on, and its conditions for changes, beside the permission. */
export interface Environment {
  /** The environment's name, as operators know it. */
  readonly name: string
  readonly profile?: string | undefined
  /** Why changes are impossible now, and the remedy; undefined where they are possible. */
  readonly readOnly?: string | undefined
  /** The replica that PostgreSQL is now: nothing can be changed there, which `readOnly` says. */
  readonly replica?: Replica | undefined
  /** Told whenever PostgreSQL says that it is a replica; with undefined once it no longer is one. */
  heed?(replica: Replica | undefined): void
  /** Told how a change ended that was said to be unknown. */
  learn?(outcome: LateOutcome): void
  /** The name that a test mail greets the mail server with (EHLO); by default this host's. */
  readonly ehloName?: string | undefined
  /** Credits that a batch of codes may be worth in all without being confirmed by its sum. */
  readonly largeGrant?: number | undefined
  /** Resolves once a change may proceed; throws DeckError otherwise, and then nothing was changed. */
  admit?(): Promise<void>
}

/** Environment without a name and without conditions. */
export const NO_ENVIRONMENT: Environment = { name: "" }
