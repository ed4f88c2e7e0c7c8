import { type Shown, width } from "../../domain/safe-text.ts"
import { blank, type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/**
 * Wraps `text` in lines of at most `columns`, after a space where there is one; a line has at least one character even
 * if that is too wide. The lines joined are the same text.
 */
export function wrap(text: Shown, columns: number): Shown[] {
  const lines: Shown[] = []
  // Slices, and measures no ASCII: a field may be a megabyte.
  let start = 0
  let end = 0
  let behindSpace = 0
  let taken = 0
  for (const character of text) {
    const wide = character <= "~" ? 1 : width(character as Shown)
    while (taken + wide > columns && end > start) {
      const cut = behindSpace > start ? behindSpace : end
      lines.push(text.slice(start, cut) as Shown)
      taken = width(text.slice(cut, end) as Shown)
      start = cut
    }
    end += character.length
    taken += wide
    if (character === " ") behindSpace = end
  }
  return [...lines, text.slice(start) as Shown]
}

/** Returns as many clauses of one of our own sentences, between semicolons, as there is room for; the first in any case. */
export function clauses(sentence: string, columns: number): string {
  const end = sentence.lastIndexOf("; ")
  return sentence.length <= columns || end < 0 ? sentence : clauses(sentence.slice(0, end), columns)
}

/** Wraps `text` in lines of one tone. */
export const paragraph = (text: Shown, columns: number, tone: Tone = "plain"): Piece[][] =>
  wrap(text, columns).map(line => [piece(line, tone)])

/** Wraps `text` after `head`, with a hanging indent. */
export function hanging(head: Piece, text: Shown, columns: number, tone: Tone = "plain"): Piece[][] {
  const indent = piece(blank(width(head[0])))
  return wrap(text, columns - width(head[0])).map((line, index) => [index === 0 ? head : indent, piece(line, tone)])
}
