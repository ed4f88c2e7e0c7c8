import { distance } from "fastest-levenshtein"

/** The candidate nearest to `word`, ignoring case, within an edit for every three characters; else undefined. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  const ranked = candidates
    .map(candidate => ({ candidate, edits: editsBetween(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
  return ranked.find(({ edits }) => edits <= Math.round(typed.length / 3))?.candidate
}

/** Two swapped letters count as one edit, as in `lgo`. */
const editsBetween = (a: string, b: string) => (isSwap(a, b) ? 1 : distance(a, b))

function isSwap(a: string, b: string): boolean {
  const at = Array.from(a).findIndex((letter, i) => letter !== b[i])
  return at >= 0 && a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2) === b
}
