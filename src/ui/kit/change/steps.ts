import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { Step } from "../../../services/operation.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** What was done, step by step, in a line, and what stands in PostgreSQL only. */
export const stepPieces = (steps: readonly Step[]): Piece[] =>
  steps.length === 0
    ? [piece(shown`nothing was changed: it is so already`, "look")]
    : [...steps.flatMap(({ what, owed }) => (owed === undefined ? [donePiece(what)] : [])), ...owedPieces(steps)]

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

const donePiece = (what: string): Piece => piece(shown`✓ ${show(what)}  `, "good")

/** That it is saved, first: nobody is to save it once more. */
function owedPieces(steps: readonly Step[]): Piece[] {
  const owed = steps.filter(step => step.owed !== undefined)
  if (owed.length === 0) return []
  const what = owed.map(step => step.what).join(", ")
  const why = [...new Set(owed.map(step => step.owed))].join("; ")
  return [piece(shown`▲ saved, not yet in force (R retries): ${show(`${what}: ${why}`)}  `, "act")]
}
