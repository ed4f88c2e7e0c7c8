/** Cells of a row, by column. */
export interface Cells {
  readonly characters: readonly string[]
  /** SGR sequence of each cell; empty for none. Cells that look alike have the same text. */
  readonly styles: readonly string[]
}

/** Whether two rows are alike in `column`; a row is blank beyond its end. */
export const isSameCell = (one: Cells, other: Cells, column: number): boolean =>
  (one.characters[column] ?? " ") === (other.characters[column] ?? " ") &&
  (one.styles[column] ?? "") === (other.styles[column] ?? "")

/** A change of style, or a character. */
const TOKEN = /\x1b\[[\d;]*m|./gs

/**
 * Rows with one column per character on any terminal: ASCII, and the characters of frames and charts. Terminals
 * disagree on the width of others.
 */
const EVEN = /^(?:\x1b\[[\d;]*m|[ -~·…‖─-●])*$/

/** Returns the cells of a row; undefined where their columns or styles are not certain. */
export function cellsOf(row: string): Cells | undefined {
  if (!EVEN.test(row)) return undefined
  const cells = { characters: [] as string[], styles: [] as string[] }
  let style: string | undefined = ""
  for (const token of row.match(TOKEN) ?? []) {
    if (token.length > 1) {
      style = styleAfter(style, token)
      if (style === undefined) return undefined
    } else {
      cells.characters.push(token)
      cells.styles.push(style)
    }
  }
  return cells
}

/** Cache of `styleAfter`: there are few styles. */
const known = new Map<string, string | undefined>()
const REMEMBERED = 1000

/** Returns the style that follows `style` after a sequence; undefined for unknown sequences. */
function styleAfter(style: string, sequence: string): string | undefined {
  const question = style + sequence
  if (known.has(question)) return known.get(question)
  if (known.size === REMEMBERED) known.clear()
  const answer = changedStyle(style.match(TOKEN) ?? [], sequence)
  known.set(question, answer)
  return answer
}

function changedStyle(style: readonly string[], sequence: string): string | undefined {
  const parameter = parameterOf(sequence)
  if (parameter === "" || parameter === "0") return ""
  if (ENDS.has(parameter)) return style.filter(one => endOf(parameterOf(one)) !== parameter).join("")
  const end = endOf(parameter)
  if (end === undefined) return undefined
  const isReplaced = (one: string) => one === sequence || (end !== WEIGHT_END && endOf(parameterOf(one)) === end)
  return [...style.filter(one => !isReplaced(one)), sequence].sort().join("")
}

const parameterOf = (sequence: string) => sequence.slice(2, -1)

/** Bold and dim may be set together and have one end. */
const WEIGHT_END = "22"
const FOREGROUND_END = "39"
const BACKGROUND_END = "49"
/** SGR parameters that end a style. */
const ENDS = new Set([WEIGHT_END, "23", "24", "27", "29", FOREGROUND_END, BACKGROUND_END])

/**
 * Returns the parameter that ends the style of `parameter` (ECMA-48, 8.3.117); undefined where it sets several, or
 * another.
 */
function endOf(parameter: string): string | undefined {
  if (/^[12]$/.test(parameter)) return WEIGHT_END
  if (/^[3479]$/.test(parameter)) return `2${parameter}`
  if (/^([39][0-7]|38;[25](;\d+)+)$/.test(parameter)) return FOREGROUND_END
  return /^(4[0-7]|10[0-7]|48;[25](;\d+)+)$/.test(parameter) ? BACKGROUND_END : undefined
}
