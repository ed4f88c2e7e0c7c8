import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { Step } from "../../../services/operation.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Draws the steps of a change, and those that Redis still lacks. */
const stepPieces = (steps: readonly Step[]): Piece[] =>
  steps.length === 0
    ? [piece(shown`nothing to change`, "look")]
    : [...steps.flatMap(({ what, owed }) => (owed === undefined ? [donePiece(what)] : [])), ...owedPieces(steps)]

/** Draws `suspended alice: ✓ status  ✓ sessions (Redis)`. */
export const outcomePieces = (title: string, steps: readonly Step[]): Piece[] => [
  ...(steps.length === 0 ? [] : [piece(shown`${brief(show(pastOf(title)))}: `, "strong")]),
  ...stepPieces(steps),
]

/** A cancelled run is one that has ended: until then somebody asked for it. */
const IRREGULAR: Readonly<Record<string, string>> = {
  send: "sent",
  set: "set",
  put: "put",
  hold: "held",
  cancel: "asked to cancel",
}

/** Turns the verb of a title into the past tense: `Suspend alice`, `suspended alice`. */
function pastOf(title: string): string {
  const [verb = "", ...rest] = title.split(" ")
  const said = verb.toLowerCase()
  return [IRREGULAR[said] ?? (said.endsWith("e") ? `${said}d` : `${said}ed`), ...rest].join(" ")
}

const TITLE_AT_MOST = 40

/** Cuts a long name, so that the steps stay visible. */
const brief = (text: Shown): Shown => fit(text, Math.min(TITLE_AT_MOST, width(text)))

const donePiece = (what: string): Piece => piece(shown`✓ ${show(what)}  `, "good")

/** Says first that the change is saved, so that nobody repeats it; not of what Redis could not be asked about. */
const owedPieces = (steps: readonly Step[], state = shown`saved, not yet in force (R retries)`): Piece[] => [
  ...toldPieces(
    state,
    steps.filter(({ unseen }) => !unseen),
  ),
  ...toldPieces(
    shown`may be pending (R looks again)`,
    steps.filter(({ unseen }) => unseen),
  ),
]

/** Draws what a repair did, and what is left: it saved nothing itself. */
export const repairPieces = (steps: readonly Step[]): Piece[] => [
  ...steps.flatMap(({ what, owed }) => (owed === undefined ? [donePiece(what)] : [])),
  ...owedPieces(steps, shown`still pending (R retries)`),
]

function toldPieces(state: Shown, steps: readonly Step[]): Piece[] {
  const owed = steps.filter(step => step.owed !== undefined)
  if (owed.length === 0) return []
  const what = owed.map(step => step.what).join(", ")
  const why = [...new Set(owed.map(step => step.owed))].join("; ")
  return [piece(shown`▲ ${state}: ${show(`${what}: ${why}`)}  `, "act")]
}
