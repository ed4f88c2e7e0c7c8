import { useQueries, useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import { shown } from "../../../domain/safe-text.ts"
import { openReferralTree, readBranch } from "../../../services/referrals/branch.ts"
import { showReferralTree } from "../../../services/referrals/tree.ts"
import type { Destinations } from "../../kit/destinations.ts"
import { recordChoices } from "../../kit/export/choices.ts"
import type { Size } from "../../kit/screen.ts"
import { useScreenReducer, useShell } from "../../kit/shell.ts"
import { furtherPages, initialTreeState, treeReducer } from "../../kit/tree/tree-state.ts"
import { useTreePlace } from "../../kit/tree/use-tree-place.ts"
import { useStore } from "../../runtime/use-store.ts"
import { type BranchReading, ringOf, treeRows } from "./tree-rows.ts"

export type TreeModel = ReturnType<typeof useTree>

const PAGE_ROWS = 100
/** A branch opened again within this time is not read again. */
const FRESH_MS = 30_000
/** Accounts of a ring that are open at first, so that it is seen to close. */
const RING_OPENED = 12

/** Rows of title, inviters, ring and column titles. */
const OTHER_ROWS = { plain: 3, ring: 4 }

/** Makes the model of a referral tree, with the account `at` selected at first. */
export function useTree({ user_id, at = user_id }: Destinations["referralTree"], size: Size) {
  const shell = useShell()
  const { deck } = shell
  const now = useStore(shell.clock.times)
  const opening = useQuery({
    queryKey: [...openReferralTree.words, user_id],
    queryFn: ({ signal }) => deck.run(openReferralTree, { user_id, limit: PAGE_ROWS }, { signal }),
  })
  const tree = opening.data
  const [kept, dispatch] = useScreenReducer("tree", treeReducer, () => initialTreeState)

  const openAtFirst = useMemo(() => new Set(tree && ringOf(tree).slice(0, RING_OPENED)).add(user_id), [tree, user_id])
  const isOpen = (id: string) => (kept.choices.has(id) ? kept.choices.get(id) !== "closed" : openAtFirst.has(id))
  const wanted = [...new Set([...openAtFirst, ...kept.choices.keys()])].filter(isOpen).flatMap(id => {
    const further = furtherPages(kept, id).map(cursor => ({ id, cursor }))
    // The first page of the root came with the tree.
    return id === user_id ? further : [{ id, cursor: undefined }, ...further]
  })
  const branches = useQueries({
    queries: wanted.map(({ id, cursor }) => ({
      queryKey: [...readBranch.words, user_id, id, cursor],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        deck.run(readBranch, { user_id: id, root_user_id: user_id, limit: PAGE_ROWS, cursor }, { signal }),
      staleTime: FRESH_MS,
      enabled: tree !== undefined,
    })),
  })
  const readings = Map.groupBy(
    wanted.map(({ id, cursor }, index): BranchReading & { id: string } => {
      const query = branches[index]
      const failure = query?.failureReason ? asDeckError(query.failureReason) : undefined
      return { id, begin: cursor, page: query?.data, failure }
    }),
    reading => reading.id,
  )
  const readingsOf = (id: string): readonly BranchReading[] => [
    ...(tree && id === user_id ? [{ begin: undefined, page: tree.children, failure: undefined }] : []),
    ...(readings.get(id) ?? []),
  ]
  const rows = tree ? treeRows(tree, { isOpen, readingsOf }) : []

  const place = useTreePlace(
    [kept, dispatch],
    {
      rows,
      above: tree && tree.ring_size > 0 ? OTHER_ROWS.ring : OTHER_ROWS.plain,
      // A ring is shown from its root on.
      begin: tree && ringOf(tree).length > 0 ? user_id : at,
      complete: tree !== undefined && branches.every(({ data, failureReason }) => data || failureReason),
    },
    size,
  )
  const { selected } = place
  const account = selected?.content.kind === "account" ? selected.content.node : undefined

  return {
    shell,
    command: { ...showReferralTree, given: { user_id } },
    copies: () => (account ? recordChoices(account, shown`this account`) : []),
    tree,
    /** Time the tree was read, ms since the epoch; null before that. */
    asOf: tree === undefined ? null : opening.dataUpdatedAt,
    now,
    reading: opening.isFetching || branches.some(({ isFetching }) => isFetching),
    failure: opening.failureReason ? asDeckError(opening.failureReason) : undefined,
    ...place,
    refresh: () => {
      for (const query of [opening, ...branches]) void query.refetch()
    },
  }
}
