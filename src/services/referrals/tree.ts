import { type Kysely, sql } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { type TreeNode, treeNode, treeRequest } from "../../domain/referral.ts"
import { USER_STATUSES } from "../../domain/user.ts"
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { accountsOf } from "./accounts.ts"
import { nextReferrals, referralOf } from "./inviters.ts"
import { drawTree } from "./tree-drawing.ts"

/** Maximum number of accounts in the answer. */
const MOST_ACCOUNTS = 100_000

const drawnNode = z.object({
  account: z.string(),
  status: z.enum(USER_STATUSES).nullable(),
  credited: z.boolean().nullable(),
  created_at: z.string(),
  user_id: z.string(),
})

/** Contract, section 2: `referrals tree`. Throws DeckError `not_found`, and `invalid` beyond MOST_ACCOUNTS. */
export const showReferralTree = defineOperation({
  words: ["referrals", "tree"],
  summary: "the tree of accounts that a user invited",
  caveat: hiddenRows,
  input: treeRequest,
  answer: z.object({ data: z.array(treeNode) }),
  run: ({ postgres, signal }, request) =>
    postgres.run(async db => {
      const nodes = await treeOf(db, request)
      return { data: nodes.map(({ credited, ...node }) => node) }
    }, signal),
  forPeople: {
    answer: z.object({ data: z.array(drawnNode) }),
    run: ({ postgres, signal }, request) =>
      postgres.run(async db => {
        const nodes = await treeOf(db, request)
        const own = await referralOf(db, request.user_id)
        const account = await accountsOf(
          db,
          nodes.map(node => node.user_id),
        )
        const data = drawTree(nodes, account, own?.inviter_user_id).map(({ node, text }) => ({
          account: text,
          status: account(node.user_id).status,
          credited: node.credited,
          created_at: node.created_at,
          user_id: node.user_id,
        }))
        return { data }
      }, signal),
  },
})

export const commands = [showReferralTree]

async function treeOf(db: Kysely<Tables>, { user_id, depth }: z.output<typeof treeRequest>) {
  const nodes: (TreeNode & { credited: boolean | null })[] = await db
    .withRecursive("tree(user_id, inviter_id, depth, credited, created_at)", query =>
      query
        .selectFrom("users")
        .select(["id as user_id", sql<string | null>`null::uuid`.as("inviter_id"), sql<number>`0`.as("depth")])
        .select([sql<boolean | null>`null::boolean`.as("credited"), "created_at"])
        .where("id", "=", user_id)
        .unionAll(
          query
            .selectFrom("tree")
            .innerJoinLateral(nextReferrals("inviter_user_id", "tree.user_id"), join => join.onTrue())
            .select(["next.invitee_user_id as user_id", "next.inviter_user_id as inviter_id"])
            .select([sql<number>`tree.depth + 1`.as("depth"), "next.credited", "next.created_at"])
            .where("tree.depth", "<", depth)
            // An account has one inviter: only the root can be met twice.
            .where("next.invitee_user_id", "<>", user_id),
        ),
    )
    .with("nodes", query =>
      query
        .selectFrom("tree")
        .selectAll()
        .limit(MOST_ACCOUNTS + 1),
    )
    .selectFrom("nodes")
    .leftJoin("user_credentials", "user_credentials.user_id", "nodes.user_id")
    .select(["nodes.user_id", "user_credentials.login", "nodes.inviter_id", "nodes.depth", "nodes.created_at"])
    .select("nodes.credited")
    .orderBy("nodes.depth")
    .orderBy("nodes.created_at")
    .orderBy("nodes.user_id")
    .execute()
  if (nodes.length === 0) throw new DeckError("not_found", `there is no user with the id ${user_id}`)
  if (nodes.length > MOST_ACCOUNTS) {
    const message = `${depth} is too deep for this user: more than ${MOST_ACCOUNTS} accounts; use a smaller depth`
    throw new DeckError("invalid", message, { field: "depth" })
  }
  return nodes
}
