import { type Shown, width } from "../../domain/safe-text.ts"
import { blank, type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/**
 * `text` in lines of at most `columns`, broken after a space where there is one; of a single character where even that
 * is too wide. Joined again it is the same text.
 */
export function wrap(text: Shown, columns: number): Shown[] {
  const lines: Shown[] = []
  let line = ""
  let taken = 0
  for (const character of text) {
    const wide = width(character as Shown)
    while (taken + wide > columns && line !== "") {
      const end = line.lastIndexOf(" ") + 1 || line.length
      lines.push(line.slice(0, end) as Shown)
      line = line.slice(end)
      taken = width(line as Shown)
    }
    line += character
    taken += wide
  }
  return [...lines, line as Shown]
}

/** `text` wrapped behind `head`; its further lines begin below its first. */
export function hanging(head: Piece, text: Shown, columns: number, tone: Tone = "plain"): Piece[][] {
  const indent = piece(blank(width(head[0])))
  return wrap(text, columns - width(head[0])).map((line, index) => [index === 0 ? head : indent, piece(line, tone)])
}
