import type { Kysely } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"

/** Keys, codes and runs of a user. */
export interface Holdings {
  /** API keys that are not revoked. */
  readonly keys: number
  /** Invite codes that are active. */
  readonly codes: number
  /** Runs in progress. */
  readonly runs: number
}

export async function holdingsOf(db: Kysely<Tables>, userId: string): Promise<Holdings> {
  const { keys, codes, runs } = await db
    .selectNoFrom(({ selectFrom, fn }) => [
      selectFrom("api_keys")
        .where("user_id", "=", userId)
        .where("revoked_at", "is", null)
        .select(fn.countAll<string>().as("n"))
        .as("keys"),
      selectFrom("invite_codes")
        .where("user_id", "=", userId)
        .where("is_active", "=", true)
        .select(fn.countAll<string>().as("n"))
        .as("codes"),
      selectFrom("runs")
        .where("created_by_user_id", "=", userId)
        .where("status", "in", ["running", "cancelling"])
        .where("deleted_at", "is", null)
        .select(fn.countAll<string>().as("n"))
        .as("runs"),
    ])
    .executeTakeFirstOrThrow()
  return { keys: Number(keys), codes: Number(codes), runs: Number(runs) }
}
