import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { Step } from "../../../services/operation.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** What was done, step by step, in a line. */
export const stepPieces = (steps: readonly Step[]): Piece[] =>
  steps.length === 0 ? [piece(shown`nothing was changed: it is so already`, "look")] : steps.map(stepPiece)

/** `suspended alice: ✓ status  ✓ sessions (Redis)`: what the title announced is done. */
export const outcomePieces = (title: string, steps: readonly Step[]): Piece[] => [
  ...(steps.length === 0 ? [] : [piece(shown`${brief(show(pastOf(title)))}: `, "strong")]),
  ...stepPieces(steps),
]

const IRREGULAR: Readonly<Record<string, string>> = { send: "sent", set: "set", put: "put" }

/** A title begins with what is done: `Suspend alice`, `suspended alice`. */
function pastOf(title: string): string {
  const [verb = "", ...rest] = title.split(" ")
  const said = verb.toLowerCase()
  return [IRREGULAR[said] ?? (said.endsWith("e") ? `${said}d` : `${said}ed`), ...rest].join(" ")
}

const TITLE_AT_MOST = 40

/** No name may push the steps out of the line. */
const brief = (text: Shown): Shown => fit(text, Math.min(TITLE_AT_MOST, width(text)))

const stepPiece = ({ what, owed }: Step): Piece =>
  owed === undefined
    ? piece(shown`✓ ${show(what)}  `, "good")
    : piece(shown`▲ ${show(what)} (R retries): ${show(owed)}  `, "act")
