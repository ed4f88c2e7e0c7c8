import type { Kysely } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { Account } from "../../domain/referral.ts"
import { statusOf } from "../users/users.ts"

/** Reads the accounts of these ids; deleted rows have the id alone. */
export async function accountsOf(db: Kysely<Tables>, ids: readonly string[]): Promise<(id: string) => Account> {
  const rows = await db
    .selectFrom("users")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(["users.id as user_id", "user_credentials.login", "users.username"])
    .select(statusOf("users").as("status"))
    .where("users.id", "=", anyOf(ids))
    .execute()
  const known = new Map<string, Account>(rows.map(row => [row.user_id, row]))
  return id => known.get(id) ?? { user_id: id, login: null, username: null, status: null }
}
