import { z } from "zod"
import { cursor, id, limit, page, wholeNumber } from "./fields.ts"
import { USER_STATUSES } from "./user.ts"

const login = z.string().nullable()
const time = z.string()

/** Who came by whose invitation (contract, section 2, `referrals list`). Everybody has at most one inviter. */
export const referral = z.object({
  id,
  inviter_user_id: id,
  invitee_user_id: id,
  invite_code_id: id,
  credited: z.boolean(),
  created_at: time,
  inviter_login: login,
  invitee_login: login,
})

/** Which referrals to list. */
export const referralFilter = z.object({
  inviter_user_id: id.optional().meta({ label: "only of this inviter", option: "inviter" }),
  limit,
  cursor,
})

/** The same for the console, which narrows the list to an invite code as well. */
export const referralSearch = referralFilter.extend({ invite_code_id: id.optional() })

/** Somebody in a tree of invitations; a row that is gone has no name and no status. */
export const account = z.object({
  user_id: id,
  login,
  username: z.string().nullable(),
  /** `deleted` whenever the row has a time of deletion. */
  status: z.enum(USER_STATUSES).nullable(),
})
export type Account = z.infer<typeof account>

/** A referral as the console lists it. */
export const referralRow = referral.extend({
  inviter: account,
  invitee: account,
  code: z.string().nullable(),
  /** How many accounts the ring has that the pair belongs to; null where it belongs to none. */
  ring: z.number().nullable(),
  /** How many the ring has that the inviter belongs to. */
  inviter_ring: z.number().nullable(),
})
export type ReferralRow = z.infer<typeof referralRow>

const MOST_DEPTH = 10

/** Which tree, and how far down. */
export const treeRequest = z.object({
  user_id: id.meta({ label: "the id of the user at its root", positional: true }),
  depth: wholeNumber(1)
    .refine(depth => depth <= MOST_DEPTH, `must be 1 to ${MOST_DEPTH}`)
    .default(3)
    .meta({ label: `how many steps down, 1 to ${MOST_DEPTH}; 3 where left out` }),
})

/** One account of a tree (contract, section 2, `referrals tree`); the time is that of the invitation, the root's own of joining. */
export const treeNode = z.object({
  user_id: id,
  /** Null for a deleted user, and for one who signs in another way. */
  login,
  /** Null at the root. */
  inviter_id: id.nullable(),
  /** Steps from the root, which is 0. */
  depth: z.number(),
  created_at: time,
})
export type TreeNode = z.infer<typeof treeNode>

/** What there is in a branch: the account it begins with and everybody below. */
const branchCounts = z.object({
  size: z.number(),
  suspended: z.number(),
  deleted: z.number(),
  credited: z.number(),
  /** The branch was too large to be read whole: there is at least so much. */
  cut: z.boolean(),
})
export type BranchCounts = z.infer<typeof branchCounts>

/** An account of a tree and its branch. What is null at the root has no meaning there: nobody may have invited it. */
export const branchNode = account.extend({
  credited: z.boolean().nullable(),
  invited_at: time.nullable(),
  branch: branchCounts,
})
export type BranchNode = z.infer<typeof branchNode>

/** Whose invitees to read; the branch ends where it would come to `root_user_id` again, which is `user_id` where left out. */
export const branchRequest = z.object({ user_id: id, root_user_id: id.optional(), limit, cursor })

/** A tree as it is opened: its root, the way up from it, and the page of those invited last. */
export const openedTree = z.object({
  root: branchNode,
  /** The nearest inviters, nearest first, as far as to the first or to a member of a ring; empty in a ring. */
  above: z.array(account),
  /** How many there are above. */
  above_count: z.number(),
  /** The way up is longer than it was followed: there are at least so many, and whether it ends in a ring is not known. */
  above_cut: z.boolean(),
  /** Members of the ring that the root is in or hangs below, in the order of inviting, beginning with the root or whom the way up meets first. */
  ring: z.array(account),
  /** How many the ring has; 0 where there is none. */
  ring_size: z.number(),
  /** Who invited the root; null where nobody did. */
  inviter_user_id: id.nullable(),
  children: page(branchNode),
})
export type OpenedTree = z.infer<typeof openedTree>
