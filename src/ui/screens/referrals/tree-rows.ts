import type { DeckError } from "../../../domain/errors.ts"
import type { BranchNode, OpenedTree } from "../../../domain/referral.ts"
import type { TreeRow } from "../../kit/tree/tree-row.ts"

/** Row of a referral tree; the key of an account is its id. */
export type ReferralRow = TreeRow<RowContent>

export type RowContent =
  | { readonly kind: "account"; readonly node: BranchNode; readonly inRing: boolean }
  /** The parent invited the root, which closes a ring. */
  | { readonly kind: "back"; readonly to: BranchNode; readonly ring: number }
  /** More invitees follow. */
  | { readonly kind: "more" }
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
export function treeRows(tree: OpenedTree, branches: Branches): ReferralRow[] {
  const { root, inviter_user_id, ring_size } = tree
  const ring = new Set(ringOf(tree))
  const inRing = ({ user_id }: BranchNode) => ring.has(user_id)
  const rows: ReferralRow[] = []

  const below = (node: BranchNode): (BranchNode | Pick<ReferralRow, "key" | "leads" | "content">)[] => {
    const id = node.user_id
    const readings = inSequence(branches.readingsOf(id))
    const read = readings.flatMap(({ page }) => page?.data ?? [])
    const last = readings.at(-1)
    const cursor = last?.page?.next_cursor
    return [
      ...(closes(node)
        ? [{ key: `back ${id}`, leads: "root" as const, content: { kind: "back" as const, to: root, ring: ring_size } }]
        : []),
      // Members of the ring first: below each other they show how it closes.
      ...[...read.filter(inRing), ...read.filter(account => !inRing(account))],
      ...(last?.failure ? [{ key: `failed ${id}`, content: { kind: "failed" as const, failure: last.failure } }] : []),
      ...(last !== undefined && last.page === undefined && !last.failure
        ? [{ key: `reading ${id}`, content: { kind: "reading" as const } }]
        : []),
      ...(cursor ? [{ key: `more ${id}`, leads: { of: id, cursor }, content: { kind: "more" as const } }] : []),
    ]
  }
  const closes = ({ user_id }: BranchNode) => ring.size > 0 && user_id === inviter_user_id
  const add = (node: BranchNode, parent: string | undefined, lasts: readonly boolean[]) => {
    const { user_id: key, branch } = node
    const isLeaf = branch.size === 1 && !branch.cut && !closes(node)
    const openness = isLeaf ? "leaf" : branches.isOpen(key) ? "open" : "closed"
    rows.push({ key, parent, lasts, openness, content: { kind: "account", node, inRing: inRing(node) } })
    if (openness !== "open") return
    const children = below(node)
    for (const [index, child] of children.entries()) {
      const theirs = [...lasts, index === children.length - 1]
      if ("content" in child) rows.push({ ...child, parent: key, lasts: theirs })
      else add(child, key, theirs)
    }
  }
  add(root, undefined, [])
  return rows
}
