import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { show, shown } from "../../domain/safe-text.ts"
import type { Deck } from "../../services/deck.ts"
import type { ChangeGuard } from "../runtime/change-guard.ts"
import { readAgain } from "../runtime/query.ts"
import { type Piece, piece } from "../widgets/line.tsx"

/** How often it is read what is held. */
const READ_EVERY_MS = 10_000
/** How often its buckets are set again, and what appeared in a held network is held: well within their expiry. */
const RENEWED_EVERY_MS = 30_000

/**
 * Returns the pieces that say how much is held at the gateway and for how long yet; renews it meanwhile, also while nobody is at
 * the console. `now` is in ms since the epoch.
 */
export function useHolding(deck: Deck | undefined, guard: ChangeGuard, now: number): Piece[] {
  const queries = useQueryClient()
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ["gateway", "held"],
    queryFn: async ({ signal }) => {
      const { countHolds } = await import("../../services/gateway/holds.ts")
      return deck?.run(countHolds, {}, { signal }) ?? null
    },
    enabled: deck !== undefined,
    refetchInterval: READ_EVERY_MS,
    retry: false,
  })
  const isHeld = deck !== undefined && (data?.count ?? 0) > 0
  useEffect(() => {
    if (!isHeld) return
    const renew = async () => {
      if (guard.readOnly !== undefined) return
      const { renewHolds } = await import("../../services/gateway/hold-networks.ts")
      // What fails is tried again; Redis out of reach is told on the top line.
      const { appeared } = await deck.run(renewHolds, {}).catch(() => ({ appeared: 0 }))
      if (appeared > 0) readAgain(queries, { queryKey: ["gateway"] })
    }
    const timer = setInterval(() => void renew(), RENEWED_EVERY_MS)
    return () => clearInterval(timer)
  }, [isHeld, deck, guard, queries])
  if (!isHeld || !data) return []
  const left = Math.max(0, Math.ceil((data.left_s ?? 0) - (now - dataUpdatedAt) / 1_000))
  const minutes = Math.floor(left / 60)
  const seconds = String(left % 60).padStart(2, "0")
  return [piece(shown`  held ${data.count} ${minutes}:${show(seconds)}`, "look")]
}
