import { fewNames } from "../../../domain/few-names.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { isDown, linkIsStale } from "../../../tail/link.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import { sparkline } from "../../widgets/chart.ts"
import { age, duration, rate } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth } from "../../widgets/line.tsx"
import { SHARES, sharePiece } from "../shared/share-piece.ts"

/** Redirects say nothing of how the platform fares. */
const CLASSES = SHARES.filter(([name]) => name !== "3xx")

/** Draws the live log's figures: requests per second now, and of the last minute outcomes and durations. */
export function gatewayPieces(tail: TailSnapshot | null, now: number, columns: number): Piece[] {
  if (!tail || tail.link.state === "connecting") return [piece(shown`○ connecting to Redis`, "look")]
  const { link, statistics } = tail
  if (link.state === "reconnecting" || linkIsStale(link, now)) {
    const heard = link.heardAt === null ? shown`` : shown`, last contact ${age(now - link.heardAt)} ago`
    return [piece(shown`▲ Redis does not answer${heard}`, "act")]
  }
  if (link.isGone) return [piece(shown`▲ the stream does not exist`, "act")]
  const away = tail.gateways.filter(gateway => isDown(gateway.link, now)).map(({ gateway }) => show(gateway))
  const without = away.length === 0 ? [] : [piece(shown`▲ without ${show(fewNames(away))}  `, "act")]
  const { perSecond, p50, p95 } = statistics
  const requests = [...without, piece(rate(perSecond), "strong"), piece(shown`  in 1m`, "dim")]
  const bars = (count: number) => [piece(shown` ${sparkline(statistics.sparkline, count)} `, "key")]
  const classes = CLASSES.flatMap((at): Piece[] => [
    piece(shown`  ${show(at[0])} `, "dim"),
    sharePiece(statistics, tail.timeline, at),
  ])
  const times = [piece(shown`   p50 `, "dim"), piece(duration(p50)), piece(shown`  p95 `, "dim"), piece(duration(p95))]
  const short = [...requests, ...classes]
  const choices = [
    [...requests, ...bars(30), ...classes, ...times],
    [...requests, ...bars(10), ...classes, ...times],
    [...short, ...times],
  ]
  return choices.find(pieces => piecesWidth(pieces) <= columns) ?? short
}
