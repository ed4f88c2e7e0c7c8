import type { DeckError } from "../../../domain/errors.ts"
import type { BranchNode, OpenedTree } from "../../../domain/referral.ts"

/** One row of the tree. */
export interface TreeRow {
  /** What it is known by from one reading to the next; of an account its id: nobody is in a tree twice. */
  readonly key: string
  /** The key of the row it hangs below; undefined at the root. */
  readonly parent: string | undefined
  /** Of it and of everybody above it but the root, whether they are the last of their inviter's. */
  readonly lasts: readonly boolean[]
  readonly content: RowContent
}

export type RowContent =
  | {
      readonly kind: "account"
      readonly node: BranchNode
      readonly openness: "open" | "closed" | "leaf"
      readonly inRing: boolean
    }
  /** The account above it invited the root, which closes a ring. */
  | { readonly kind: "back"; readonly to: BranchNode; readonly ring: number }
  /** Not all that somebody invited is read; `cursor` is where the next page begins. */
  | { readonly kind: "more"; readonly of: string; readonly cursor: string }
  | { readonly kind: "reading" }
  | { readonly kind: "failed"; readonly failure: DeckError }

/** One page of whom somebody invited, as it stands. */
export interface BranchReading {
  /** The cursor it begins at; undefined for the first. */
  readonly begin: string | undefined
  readonly page: OpenedTree["children"] | undefined
  readonly failure: DeckError | undefined
}

/** How the branches are: which are open, and as far as they are read. */
export interface Branches {
  readonly isOpen: (userId: string) => boolean
  /** The pages asked for. */
  readonly readingsOf: (userId: string) => readonly BranchReading[]
}

/** The members of the ring that closes at the root; nobody where the root is in none. */
export const ringOf = ({ root, ring }: OpenedTree): readonly string[] =>
  ring[0]?.user_id === root.user_id ? ring.map(member => member.user_id) : []

/**
 * Those of `readings` of which each begins where the one before ends. Where somebody was invited since, a page read again
 * ends elsewhere, and whom the old next one would leave out is to be read.
 */
function inSequence(readings: readonly BranchReading[]): readonly BranchReading[] {
  const byBegin = new Map(readings.map(reading => [reading.begin, reading]))
  const sequence: BranchReading[] = []
  for (let at = byBegin.get(undefined); at; at = byBegin.get(at.page?.next_cursor ?? "")) sequence.push(at)
  return sequence
}

/** The rows of the tree as far as it is open, each account right above those it invited, whom it invited last first. */
export function treeRows(tree: OpenedTree, branches: Branches): TreeRow[] {
  const { root, inviter_user_id, ring_size } = tree
  const ring = new Set(ringOf(tree))
  const inRing = ({ user_id }: BranchNode) => ring.has(user_id)
  const rows: TreeRow[] = []

  const below = (node: BranchNode): (readonly [key: string, content: RowContent | BranchNode])[] => {
    const id = node.user_id
    const readings = inSequence(branches.readingsOf(id))
    const read = readings.flatMap(({ page }) => page?.data ?? [])
    // Members of the ring first: one below the other they show how it closes.
    const accounts = [...read.filter(inRing), ...read.filter(account => !inRing(account))]
    const last = readings.at(-1)
    return [
      ...(closes(node) ? [[`back ${id}`, { kind: "back", to: root, ring: ring_size }] as const] : []),
      ...accounts.map(account => [account.user_id, account] as const),
      ...(last?.failure ? [[`failed ${id}`, { kind: "failed", failure: last.failure }] as const] : []),
      ...(last !== undefined && last.page === undefined && !last.failure
        ? [[`reading ${id}`, { kind: "reading" }] as const]
        : []),
      ...(last?.page?.next_cursor
        ? [[`more ${id}`, { kind: "more", of: id, cursor: last.page.next_cursor }] as const]
        : []),
    ]
  }
  const closes = ({ user_id }: BranchNode) => ring.size > 0 && user_id === inviter_user_id
  const add = (node: BranchNode, parent: string | undefined, lasts: readonly boolean[]) => {
    const { user_id: key, branch } = node
    const isLeaf = branch.size === 1 && !branch.cut && !closes(node)
    const openness = isLeaf ? "leaf" : branches.isOpen(key) ? "open" : "closed"
    rows.push({ key, parent, lasts, content: { kind: "account", node, openness, inRing: inRing(node) } })
    if (openness !== "open") return
    const children = below(node)
    for (const [index, [childKey, child]] of children.entries()) {
      const theirs = [...lasts, index === children.length - 1]
      if ("kind" in child) rows.push({ key: childKey, parent: key, lasts: theirs, content: child })
      else add(child, key, theirs)
    }
  }
  add(root, undefined, [])
  return rows
}
