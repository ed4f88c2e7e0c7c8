import { type Shown, width } from "../../domain/safe-text.ts"

/** `text` in lines of at most `columns`, broken after a space where there is one. Joined again it is the same text. */
export function wrap(text: Shown, columns: number): Shown[] {
  const lines: Shown[] = []
  let line = ""
  let taken = 0
  for (const character of text) {
    const wide = width(character as Shown)
    while (taken + wide > columns) {
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
