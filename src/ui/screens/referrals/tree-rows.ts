import type { DeckError } from "../../../domain/errors.ts"
import type { BranchNode, OpenedTree } from "../../../domain/referral.ts"

/** Row of the tree. */
export interface TreeRow {
  /** Identity from one reading to the next; of an account its id. */
  readonly key: string
  /** Key of the parent row; undefined for the root. */
  readonly parent: string | undefined
  /** Whether it and each ancestor below the root is the last child. */
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
  /** The parent invited the root, which closes a ring. */
  | { readonly kind: "back"; readonly to: BranchNode; readonly ring: number }
  /** More invitees follow; `cursor` is that of the next page. */
  | { readonly kind: "more"; readonly of: string; readonly cursor: string }
  | { readonly kind: "reading" }
  | { readonly kind: "failed"; readonly failure: DeckError }

/** State of reading one page of invitees. */
export interface BranchReading {
  /** Cursor of the page; undefined for the first. */
  readonly begin: string | undefined
  readonly page: OpenedTree["children"] | undefined
  readonly failure: DeckError | undefined
}

/** State of the branches. */
export interface Branches {
  readonly isOpen: (userId: string) => boolean
  /** Pages read or being read. */
  readonly readingsOf: (userId: string) => readonly BranchReading[]
}

/** Returns the ring that closes at the root; empty where the root is in none. */
export const ringOf = ({ root, ring }: OpenedTree): readonly string[] =>
  ring[0]?.user_id === root.user_id ? ring.map(member => member.user_id) : []

/**
 * Returns the readings that follow each other without a gap. Where a page read again ends elsewhere, the old next one
 * is dropped, and the accounts between are read.
 */
function inSequence(readings: readonly BranchReading[]): readonly BranchReading[] {
  const byBegin = new Map(readings.map(reading => [reading.begin, reading]))
  const sequence: BranchReading[] = []
  for (let at = byBegin.get(undefined); at; at = byBegin.get(at.page?.next_cursor ?? "")) sequence.push(at)
  return sequence
}

/** Returns the rows of the open branches, each account above its invitees, the newest first. */
export function treeRows(tree: OpenedTree, branches: Branches): TreeRow[] {
  const { root, inviter_user_id, ring_size } = tree
  const ring = new Set(ringOf(tree))
  const inRing = ({ user_id }: BranchNode) => ring.has(user_id)
  const rows: TreeRow[] = []

  const below = (node: BranchNode): (readonly [key: string, content: RowContent | BranchNode])[] => {
    const id = node.user_id
    const readings = inSequence(branches.readingsOf(id))
    const read = readings.flatMap(({ page }) => page?.data ?? [])
    // Members of the ring first: below each other they show how it closes.
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
