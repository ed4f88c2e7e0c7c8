import type { QueuePulse } from "../../../domain/queue.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import { age, grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Draws the queue's figures: what is ready and since when, what is in flight, and the workers that are alive. */
export function queuePieces({ ready, oldest_s, stuck, in_flight, alive }: QueuePulse): Piece[] {
  const oldest = ready === 0 ? [] : [piece(shown`, oldest `, "dim"), piece(age(oldest_s * 1000))]
  return [
    ...(stuck === 0 ? [] : [piece(shown`▲ ${grouped(stuck)} stuck  `, "act")]),
    piece(grouped(ready), "strong"),
    piece(shown` ready`, "dim"),
    ...oldest,
    ...figure(in_flight, shown`in flight`),
    piece(shown`  `),
    piece(grouped(alive), alive === 0 ? "act" : "plain"),
    piece(alive === 1 ? shown` worker alive` : shown` workers alive`, "dim"),
  ]
}

const figure = (count: number, name: Shown): Piece[] => [
  piece(shown`  ${grouped(count)}`),
  piece(shown` ${name}`, "dim"),
]
