import { sql, type Transaction } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { TokenMark } from "../../adapters/redis/token-marks.ts"

/** Number of sessions and codes ended, and the time before which access tokens are invalid. */
export interface EndedAccess {
  readonly mark: TokenMark
  readonly sessions: number
  readonly codes: number
}

/** Ends every session issued until now and switches the invite codes off (contract, section 5, "user suspended"). */
export async function endAccess(tx: Transaction<Tables>, userId: string): Promise<EndedAccess> {
  // Not now(), the beginning of the transaction: a session may have been issued while it waited for the row.
  const { before } = await tx
    .updateTable("users")
    .set({ tokens_invalid_before: sql<string>`greatest(${validFrom}, clock_timestamp())` })
    .where("id", "=", userId)
    .returning(MICROSECONDS.as("before"))
    .executeTakeFirstOrThrow()
  const sessions = await revoke(tx, "refresh_tokens", userId)
  const codes = await tx
    .updateTable("invite_codes")
    .set({ is_active: false })
    .where("user_id", "=", userId)
    .where("is_active", "=", true)
    .executeTakeFirst()
  const mark = { userId, before: BigInt(before) }
  return { mark, sessions, codes: Number(codes.numUpdatedRows) }
}

/** Revokes every API key of the user; returns their number. */
export const revokeKeys = (tx: Transaction<Tables>, userId: string) => revoke(tx, "api_keys", userId)

async function revoke(tx: Transaction<Tables>, table: "api_keys" | "refresh_tokens", userId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable(table)
    .set({ revoked_at: NOW })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

const NOW = sql<string>`now()`
const validFrom = sql.ref<string>("users.tokens_invalid_before")
/** The token mark of a user's row in microseconds since the epoch, as text. */
export const MICROSECONDS = sql<string>`(extract(epoch from least(${validFrom}, timestamptz '9999-01-01Z')) * 1000000)::bigint::text`
