import type { Shown } from "../../domain/safe-text.ts"

/** Returns the pattern of a text that is searched for, in any case. */
export const soughtPattern = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu")

/** Splits a text into its hits and what is between them. */
export function splitAtHits(text: Shown, pattern: RegExp): [part: Shown, isHit: boolean][] {
  const parts: [Shown, boolean][] = []
  let at = 0
  for (const { index, 0: hit } of text.matchAll(pattern)) {
    if (index > at) parts.push([text.slice(at, index) as Shown, false])
    parts.push([hit as Shown, true])
    at = index + hit.length
  }
  if (at < text.length) parts.push([text.slice(at) as Shown, false])
  return parts
}
