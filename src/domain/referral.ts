import { z } from "zod"
import { cursor, id, limit, page, wholeNumber } from "./fields.ts"
import { filterText, person, since } from "./list-terms.ts"
import { USER_STATUSES } from "./user.ts"

const login = z.string().nullable()
const time = z.string()

/** Referral (contract, section 2, `referrals list`). An account has at most one inviter. */
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

/** Filter of a list of referrals. */
export const referralFilter = z.object({
  filter: filterText("inviter:alice since:30d"),
  inviter_user_id: person.optional().meta({ label: "only of this inviter", option: "inviter", term: "inviter" }),
  invite_code_id: id.optional().meta({
    label: "only by this invite code",
    option: "invite-code",
    term: "code",
    takes: { expects: "the id of an invite code" },
  }),
  since,
  limit,
  cursor,
})

/** Account in a tree of invitations; one whose row is gone has no name and no status. */
export const account = z.object({
  user_id: id,
  login,
  username: z.string().nullable(),
  /** `deleted` whenever the row has a deletion time. */
  status: z.enum(USER_STATUSES).nullable(),
})
export type Account = z.infer<typeof account>

/** A referral in the console's list. */
export const referralRow = referral.extend({
  inviter: account,
  invitee: account,
  code: z.string().nullable(),
  /** Size of the ring that the pair belongs to; null without a ring. */
  ring: z.number().nullable(),
  /** Size of the ring that the inviter belongs to. */
  inviter_ring: z.number().nullable(),
})
export type ReferralRow = z.infer<typeof referralRow>

const MOST_DEPTH = 10

/** Root of a tree, and the depth to read. */
export const treeRequest = z.object({
  user_id: id.meta({ label: "the id of the user at the root", positional: true }),
  depth: wholeNumber(1)
    .refine(depth => depth <= MOST_DEPTH, `must be 1 to ${MOST_DEPTH}`)
    .default(3)
    .meta({ label: `levels to show, 1 to ${MOST_DEPTH} (default 3)` }),
})

/** One account of a tree (contract, section 2, `referrals tree`), invited then; the root joined then. */
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

/** Counts of a branch: its first account and all below. */
const branchCounts = z.object({
  size: z.number(),
  suspended: z.number(),
  deleted: z.number(),
  credited: z.number(),
  /** The branch was too large to be read completely: the counts are minimums. */
  cut: z.boolean(),
})
export type BranchCounts = z.infer<typeof branchCounts>

/** An account of a tree with its branch. Fields of the invitation are null at the root. */
export const branchNode = account.extend({
  credited: z.boolean().nullable(),
  invited_at: time.nullable(),
  branch: branchCounts,
})
export type BranchNode = z.infer<typeof branchNode>

/** Account whose invitees to read; the branch ends where it would reach `root_user_id` (default: `user_id`) again. */
export const branchRequest = z.object({ user_id: id, root_user_id: id.optional(), limit, cursor })

/** A tree as opened: its root, the inviters above it, and the page of the latest invitees. */
export const openedTree = z.object({
  root: branchNode,
  /** The inviters, nearest first, up to the first or to a member of a ring; empty in a ring. */
  above: z.array(account),
  /** Number of inviters above. */
  above_count: z.number(),
  /** Whether the inviters were not followed to the end: there may be more, and they may end in a ring. */
  above_cut: z.boolean(),
  /** The ring that the root is in or below, in the order of inviting, from the root or the first member above it. */
  ring: z.array(account),
  /** Number of members of the ring; 0 without one. */
  ring_size: z.number(),
  /** Inviter of the root; null without one. */
  inviter_user_id: id.nullable(),
  children: page(branchNode),
})
export type OpenedTree = z.infer<typeof openedTree>
