import type { Account, BranchNode, OpenedTree, ReferralRow } from "../../src/domain/referral.ts"

/** The id of an account, by its login. */
export const idOf = (name: string) =>
  `0a11ce00-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`

/** An account of this login; a deleted one has lost it. */
export const account = (login: string, status: Account["status"] = "active"): Account => ({
  user_id: idOf(login),
  login: status === "deleted" ? null : login,
  username: login,
  status,
})

/** An account of a tree that `size` accounts came through, itself included. */
export const node = (login: string, size = 1, changes: Partial<BranchNode> = {}): BranchNode => ({
  ...account(login, changes.status ?? "active"),
  credited: true,
  invited_at: "2026-03-01T12:00:00Z",
  branch: { size, suspended: 0, deleted: 0, credited: size, cut: false },
  ...changes,
})

/** A tree as it is opened, its root invited by nobody but for `changes`. */
export const tree = (root: BranchNode, children: BranchNode[], changes: Partial<OpenedTree> = {}): OpenedTree => ({
  root,
  above: [],
  above_count: 0,
  above_cut: false,
  ring: [],
  ring_size: 0,
  inviter_user_id: null,
  children: { data: children, next_cursor: null },
  ...changes,
})

export const page = <Row>(data: Row[], next_cursor: string | null = null) => ({ data, next_cursor })

type Input = { id?: string; user_id: string; cursor?: string; filter?: string }

/** A platform of these trees, by their roots, and branches, by whose they are, behind a slash by where their page begins. */
export function platform(
  trees: Record<string, OpenedTree>,
  branches: Record<string, unknown>,
  list: ReferralRow[] = [],
) {
  const asked: [words: string, input: Input][] = []
  const byId = <Value>(values: Record<string, Value>) =>
    new Map(
      Object.entries(values).map(([name, value]) => [
        idOf(name.split("/")[0] as string) + (name.split("/")[1] ?? ""),
        value,
      ]),
    )
  const run = async ({ words }: { words: readonly string[] }, input: Input) => {
    asked.push([words.join(" "), input])
    switch (words.join(" ")) {
      case "referrals list":
        return page(list.filter(row => [undefined, `inviter:${row.inviter_user_id}`].includes(input.filter)))
      case "referrals open":
        return byId(trees).get(input.user_id)
      case "referrals branch":
        return byId(branches).get(input.user_id + (input.cursor ?? ""))
      default:
        return new Promise(() => {})
    }
  }
  return { asked, run }
}
