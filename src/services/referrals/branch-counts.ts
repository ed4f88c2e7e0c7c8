import { type Kysely, sql } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { BranchCounts } from "../../domain/referral.ts"
import { statusOf } from "../users/users.ts"
import { nextReferrals, OPTIMIZATION_FENCE } from "./inviters.ts"

/** Maximum number of accounts counted, in all branches together. */
export const ACCOUNTS_COUNTED = 20_000

/** Top of a branch: an invited account, or all accounts invited by one. */
type Beginning = "invitee_user_id" | "inviter_user_id"

/**
 * Counts the branches of `tops`, down to where they would reach `root` again: an account has one inviter, so that no
 * other account can be met twice. Beyond the maximum the accounts nearest to the tops are counted, and a branch that
 * may have more is marked as cut.
 */
export async function countBranches(
  db: Kysely<Tables>,
  beginning: Beginning,
  tops: readonly string[],
  root: string,
): Promise<ReadonlyMap<string, BranchCounts>> {
  const rows = await db
    .withRecursive("below(top, user_id, depth, credited)", query =>
      query
        .selectFrom("referrals")
        .select([`${beginning} as top`, "invitee_user_id as user_id", sql<number>`1`.as("depth"), "credited"])
        .where(beginning, "=", anyOf(tops))
        .where("invitee_user_id", "<>", root)
        .unionAll(
          query
            .selectFrom("below")
            .innerJoinLateral(nextReferrals("inviter_user_id", "below.user_id"), join => join.onTrue())
            .select(["below.top", "next.invitee_user_id as user_id"])
            .select([sql<number>`below.depth + 1`.as("depth"), "next.credited"])
            .where("next.invitee_user_id", "<>", root),
        ),
    )
    .with("counted", query =>
      query
        .selectFrom("below")
        .selectAll()
        .limit(ACCOUNTS_COUNTED + 1),
    )
    .selectFrom("counted")
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom("users")
          .select(statusOf("users").as("status"))
          .whereRef("users.id", "=", "counted.user_id")
          .offset(OPTIMIZATION_FENCE)
          .as("account"),
      join => join.onTrue(),
    )
    .select(["counted.top", sql<number>`max(counted.depth)`.as("deepest")])
    .select(({ fn }) => [
      fn.countAll<string>().as("size"),
      fn.countAll<string>().filterWhere("account.status", "=", "suspended").as("suspended"),
      fn.countAll<string>().filterWhere("account.status", "=", "deleted").as("deleted"),
      fn.countAll<string>().filterWhere("counted.credited", "=", true).as("credited"),
    ])
    .groupBy("counted.top")
    .execute()
  const isCut = rows.reduce((sum, { size }) => sum + Number(size), 0) > ACCOUNTS_COUNTED
  // Read level by level: branches that end above the last level but one are complete.
  const whole = isCut ? Math.max(...rows.map(({ deepest }) => deepest)) - 1 : Number.POSITIVE_INFINITY
  return new Map(
    rows.map(({ top, deepest, size, suspended, deleted, credited }) => [
      top,
      {
        size: Number(size),
        suspended: Number(suspended),
        deleted: Number(deleted),
        credited: Number(credited),
        cut: deepest >= whole,
      },
    ]),
  )
}
