import type { AccessLogStatistics } from "../../../domain/access-log-stats.ts"
import type { Timeline } from "../../../domain/access-log-timeline.ts"
import { isUnusual, usualOf } from "../../../domain/unusual.ts"
import { percent } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** The classes of statuses whose shares are shown, the outcome that each stands for, and its colour where it is named. */
export const SHARES = [
  ["2xx", "ok", "good"],
  ["3xx", "ok", "dim"],
  ["4xx", "refused", "look"],
  ["5xx", "failed", "act"],
] as const

export type ShareAt = (typeof SHARES)[number]

/** Draws a share of the last minute, in its colour where that is unusual against the longer window of `timeline`. */
export function sharePiece(statistics: AccessLogStatistics, timeline: Timeline, at: ShareAt): Piece {
  const [name, outcome, tone] = at
  const { shares, sparkline } = statistics
  const share = shares[name]
  const requests = sparkline.reduce((sum, count) => sum + count, 0)
  const isNamed = outcome === "ok" || isUnusual(outcome, share, requests, usualOf(timeline))
  return piece(percent(share), share === 0 ? "dim" : isNamed ? tone : "plain")
}
