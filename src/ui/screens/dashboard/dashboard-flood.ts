import type { Flood } from "../../../domain/recent.ts"
import { shown } from "../../../domain/safe-text.ts"
import { sparkline } from "../../widgets/chart.ts"
import { grouped, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth } from "../../widgets/line.tsx"

/** Draws a flood of new accounts: those of its highest hour, what is usual, and each of the last hours where there is room. */
export function floodPieces({ hours, peak, usual }: Flood, columns: number): Piece[] {
  const count = [piece(shown`▲ ${grouped(peak.count)}`, "act"), piece(shown` in the hour from ${hourOf(peak.at)}`)]
  const beside = piece(shown`, usually ${grouped(usual)} at most`, "dim")
  const bars = [piece(shown`  ${sparkline(hours, hours.length)}`, "key"), piece(shown` ${hours.length}h`, "dim")]
  const choices = [
    [...count, beside, ...bars],
    [...count, beside],
  ]
  return choices.find(pieces => piecesWidth(pieces) <= columns) ?? count
}

const hourOf = (ms: number) => timeOfDay(ms).replace(/:\d\d$/, "") as ReturnType<typeof timeOfDay>
