import textWidth from "../../domain/text-width.ts"

const MARK = "\x1b[53m"
const MARK_ENDS = "\x1b[55m"
const INVERSE = "\x1b[7m"
const INVERSE_ENDS = "\x1b[27m"

/**
 * What is before and after the cell where one types: it is inverse, for a terminal that draws no cursor of its own, and
 * overlined, which marks it for `takeCursor`. Ink, too, leaves styles that it knows in place.
 */
export const CURSOR_CELL = [MARK + INVERSE, INVERSE_ENDS + MARK_ENDS] as const

/** Place of the terminal's cursor; both from 0. */
export interface Cursor {
  readonly row: number
  readonly column: number
}

/** Returns the lines of a frame without the mark, the marked cell as plain text, and its place; the last if there are several. */
export function takeCursor(lines: readonly string[]): { lines: readonly string[]; cursor: Cursor | undefined } {
  let cursor: Cursor | undefined
  const plain = lines.map((line, row) => {
    const at = line.indexOf(CURSOR_CELL[0])
    if (at < 0) return line
    cursor = { row, column: textWidth(line.slice(0, at)) }
    return line.replace(CURSOR_CELL[0], "").replace(CURSOR_CELL[1], "")
  })
  return { lines: cursor ? plain : lines, cursor }
}
