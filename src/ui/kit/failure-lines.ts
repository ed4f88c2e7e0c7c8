import type { DeckError } from "../../domain/errors.ts"
import { type Shown, show, shown } from "../../domain/safe-text.ts"
import { isPassing } from "../runtime/query.ts"
import { age, timeOfDay } from "../widgets/format.ts"
import { type Piece, piece } from "../widgets/line.tsx"
import { paragraph } from "../widgets/wrap.ts"

/** Draws the age of an old reading, and why it could not be read again. Times in ms since the epoch. */
export const stalePieces = (asOf: number, now: number, failure: DeckError): Piece[] => [
  piece(shown` ▲ as of ${timeOfDay(asOf)}, ${age(now - asOf)} ago`, "act"),
  piece(shown`: ${show(failure.message)}`, "look"),
]

/** Fields of which a failure says itself what is wrong with which part. */
const SAID = new Set(["filter", "window", "with"])

/** Draws a failure: reason, what happens next, and the trace id. */
export function failureLines(failure: DeckError, columns: number, next = whatNext(failure)): Piece[][] {
  const trace = failure.traceId === undefined ? shown`` : shown` trace ${show(failure.traceId)}`
  const message = show(
    failure.field === undefined || SAID.has(failure.field) ? failure.message : `${failure.field} ${failure.message}`,
  )
  return [...paragraph(shown`▲ ${message}`, columns, "act"), [piece(shown`${next}${trace}`, "dim")]]
}

const whatNext = (failure: DeckError): Shown =>
  isPassing(failure) ? shown`Trying again by itself.` : shown`^R tries again.`
