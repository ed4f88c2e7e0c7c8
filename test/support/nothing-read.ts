import type { SignOfLife } from "../../src/adapters/history/accounts.ts"
import type { LogOwner } from "../../src/adapters/history/log-owner.ts"
import type { LedgerState } from "../../src/adapters/redis/ledger.ts"

/** Accounts of a follower that has read nothing: for what is written without one. */
export const NOTHING_READ: LedgerState = {
  ...{ cursor: "0-0", settled: "0-0", top: "0-0", anchored: true, vanished: false },
  last: { info: { exists: true, length: 0, lastId: "0-0", maxDeletedId: "0-0" } },
}

/** Whose log a test writes without a stream, and who writes it. */
export const OWNER: LogOwner = { gateway: "", stream: "test:access_log", redis: "127.0.0.1:6379/1" }
export const SIGN: SignOfLife = { pid: 1, sinceMs: 0, atMs: 0 }
