import { type Kysely, sql, type Transaction } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"

/** Number of sessions and codes ended. */
export interface EndedAccess {
  readonly sessions: number
  readonly codes: number
}

/** Ends every session issued until now and switches the invite codes off (contract, section 5, "user suspended"). */
export async function endAccess(tx: Transaction<Tables>, userId: string): Promise<EndedAccess> {
  // Not now(), the beginning of the transaction: a session may have been issued while it waited for the row.
  await tx
    .updateTable("users")
    .set({ tokens_invalid_before: sql<string>`greatest(${validFrom}, clock_timestamp())` })
    .where("id", "=", userId)
    .execute()
  const sessions = await revokeSessions(tx, userId)
  const codes = await tx
    .updateTable("invite_codes")
    .set({ is_active: false })
    .where("user_id", "=", userId)
    .where("is_active", "=", true)
    .executeTakeFirst()
  return { sessions, codes: Number(codes.numUpdatedRows) }
}

/** Revokes every API key of the user; returns their number. */
export async function revokeKeys(tx: Transaction<Tables>, userId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("api_keys")
    .set({ revoked_at: NOW })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Selects the hashes of keys revoked within twice the life of the API's cache (contract, section 4). */
export const revokedLately = (db: Kysely<Tables>) =>
  db.selectFrom("api_keys").select("key_hash").where("revoked_at", ">", sql<string>`now() - interval '10 minutes'`)

/** Revokes every session of the user; returns the number of those that had not expired. */
async function revokeSessions(tx: Transaction<Tables>, userId: string): Promise<number> {
  const revoked = await tx
    .updateTable("refresh_tokens")
    .set({ revoked_at: NOW })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .returning(sql<boolean>`${sql.ref("expires_at")} > now()`.as("lived"))
    .execute()
  return revoked.filter(({ lived }) => lived).length
}

const NOW = sql<string>`now()`
const validFrom = sql.ref<string>("users.tokens_invalid_before")
/** The token mark of a user's row in microseconds since the epoch, as text. */
export const MICROSECONDS = sql<string>`(extract(epoch from least(${validFrom}, timestamptz '9999-01-01Z')) * 1000000)::bigint::text`
