import { type Shown, width } from "../../domain/safe-text.ts"

/** `text` in lines of at most `columns`. */
export function wrap(text: Shown, columns: number): Shown[] {
  const lines: Shown[] = []
  let line = ""
  let taken = 0
  for (const character of text) {
    const wide = width(character as Shown)
    if (taken + wide > columns) {
      lines.push(line as Shown)
      line = ""
      taken = 0
    }
    line += character
    taken += wide
  }
  return [...lines, line as Shown]
}
