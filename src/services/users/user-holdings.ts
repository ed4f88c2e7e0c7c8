import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { type Automation, automationOf } from "./automation.ts"

/** What of a user ends with their access, or goes on without it. */
export interface Holdings {
  /** Sessions that are neither revoked nor expired. */
  readonly sessions: number
  /** API keys that are not revoked. */
  readonly keys: number
  /** Invite codes that are active. */
  readonly codes: number
  /** Runs that are running, and those that were asked to end and have not yet. */
  readonly runs: number
  readonly endingRuns: number
  readonly automation: Automation
}

export async function holdingsOf(db: Kysely<Tables>, userId: string): Promise<Holdings> {
  const { sessions, keys, codes, runs, endingRuns } = await db
    .selectNoFrom(({ selectFrom, fn }) => [
      selectFrom("refresh_tokens")
        .where("user_id", "=", userId)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", sql<string>`now()`)
        .select(fn.countAll<string>().as("n"))
        .as("sessions"),
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
        .where("status", "=", "running")
        .where("deleted_at", "is", null)
        .select(fn.countAll<string>().as("n"))
        .as("runs"),
      selectFrom("runs")
        .where("created_by_user_id", "=", userId)
        .where("status", "=", "cancelling")
        .where("deleted_at", "is", null)
        .select(fn.countAll<string>().as("n"))
        .as("endingRuns"),
    ])
    .executeTakeFirstOrThrow()
  return {
    sessions: Number(sessions),
    keys: Number(keys),
    codes: Number(codes),
    runs: Number(runs),
    endingRuns: Number(endingRuns),
    automation: await automationOf(db, userId),
  }
}
