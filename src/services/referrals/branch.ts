import type { Kysely } from "kysely"
import type { z } from "zod"
import { newestFirst, type Page, toPage } from "../../adapters/postgres/cursor.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { page } from "../../domain/fields.ts"
import {
  type Account,
  type BranchCounts,
  type BranchNode,
  branchNode,
  branchRequest,
  openedTree,
} from "../../domain/referral.ts"
import { inviterPath } from "../../domain/referral-rings.ts"
import { defineOperation } from "../operation.ts"
import { accountsOf } from "./accounts.ts"
import { countBranches } from "./branch-counts.ts"
import { invitersAbove, referralOf, STEPS_UP } from "./inviters.ts"

/** A page of the accounts invited by one, newest first, with the size of each branch. No command of its own. */
export const readBranch = defineOperation({
  words: ["referrals", "branch"],
  summary: "the accounts that a user invited, with the size of their branches",
  input: branchRequest,
  answer: page(branchNode),
  run: ({ postgres, signal }, request) => postgres.run(db => branchPage(db, request), signal),
})

/** Maximum number of accounts above the root, and of a ring, with names. */
const NAMED = 50

/** A tree as it is opened: root, first page below it, inviters. Throws DeckError `not_found`. No command of its own. */
export const openReferralTree = defineOperation({
  words: ["referrals", "open"],
  summary: "a user with invitees and inviters",
  input: branchRequest.pick({ user_id: true, limit: true }),
  answer: openedTree,
  run: ({ postgres, signal }, { user_id, limit }) =>
    postgres.run(async db => {
      const inviters = await invitersAbove(db, [user_id])
      const { above, ring } = inviterPath(inviters, user_id)
      const [near, members] = [above.slice(0, NAMED), ring.slice(0, NAMED)]
      const account = await accountsOf(db, [user_id, ...near, ...members])
      const itself = account(user_id)
      if (itself.status === null) throw new DeckError("not_found", `there is no user with the id ${user_id}`)
      const own = await referralOf(db, user_id)
      const children = await branchPage(db, { user_id, limit })
      const branch = await rootBranch(db, itself, own?.credited === true, children)
      return {
        root: { ...itself, credited: own?.credited ?? null, invited_at: own?.created_at ?? null, branch },
        above: near.map(account),
        above_count: above.length,
        above_cut: inviters.size === STEPS_UP,
        ring: members.map(account),
        ring_size: ring.length,
        inviter_user_id: own?.inviter_user_id ?? null,
        children,
      }
    }, signal),
})

async function branchPage(
  db: Kysely<Tables>,
  { user_id, root_user_id = user_id, ...request }: z.output<typeof branchRequest>,
) {
  const rows = await db
    .selectFrom("referrals")
    .select(["id", "invitee_user_id", "credited", "created_at"])
    .where("inviter_user_id", "=", user_id)
    .where("invitee_user_id", "<>", root_user_id)
    .$call(query => newestFirst(query, { time: "created_at", id: "id" }, request))
    .execute()
  const { data, next_cursor } = toPage(rows, request.limit, row => [row.created_at, row.id])
  const ids = data.map(row => row.invitee_user_id)
  const account = await accountsOf(db, ids)
  const counts = await countBranches(db, "invitee_user_id", ids, root_user_id)
  const nodes = data.map(
    ({ invitee_user_id, credited, created_at }): BranchNode => ({
      ...account(invitee_user_id),
      credited,
      invited_at: created_at,
      branch: counts.get(invitee_user_id) ?? NOTHING,
    }),
  )
  return { data: nodes, next_cursor }
}

/** Counts of an account that invited nobody, without itself. */
const NOTHING: BranchCounts = { size: 0, suspended: 0, deleted: 0, credited: 0, cut: false }

/** Counts the branch of the root. If all its branches were read, nothing is counted twice. */
async function rootBranch(
  db: Kysely<Tables>,
  { user_id, status }: Account,
  credited: boolean,
  { data, next_cursor }: Page<BranchNode>,
): Promise<BranchCounts> {
  const below =
    next_cursor === null
      ? data.map(({ branch }) => branch)
      : [(await countBranches(db, "inviter_user_id", [user_id], user_id)).get(user_id) ?? NOTHING]
  const itself: BranchCounts = {
    size: 1,
    suspended: Number(status === "suspended"),
    deleted: Number(status === "deleted"),
    credited: Number(credited),
    cut: false,
  }
  return below.reduce(
    (sum, part) => ({
      size: sum.size + part.size,
      suspended: sum.suspended + part.suspended,
      deleted: sum.deleted + part.deleted,
      credited: sum.credited + part.credited,
      cut: sum.cut || part.cut,
    }),
    itself,
  )
}
