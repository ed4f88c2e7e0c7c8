import type { LedgerState } from "../../src/adapters/redis/ledger.ts"

/** Accounts of a follower that has read nothing: for what is written without one. */
export const NOTHING_READ: LedgerState = {
  ...{ cursor: "0-0", settled: "0-0", top: "0-0", anchored: true, vanished: false },
  last: { info: { exists: true, length: 0, lastId: "0-0", maxDeletedId: "0-0" } },
}
