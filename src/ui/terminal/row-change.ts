const ERASE_LINE = "\x1b[K"
const STYLE_OFF = "\x1b[m"

/** A change of style, or a character. */
const TOKEN = /\x1b\[[\d;]*m|./gsu

/**
 * Rows of which every character takes one column on any terminal: ASCII, and what frames and charts are drawn with. On
 * the width of others terminals do not agree.
 */
const EVEN = /^(?:\x1b\[[\d;]*m|[ -~·…‖─-●])*$/

/** Rows that differ sooner are written whole: there is little to spare, and most rows that change are others altogether. */
const WORTH_CUTTING = 16

/**
 * What turns the row `before`, counted from 0, into `after`: the part that differs where it is certain in which columns
 * that is, else the whole row. `columns` is the width of the terminal.
 */
export function rowChange(row: number, before: string, after: string, columns: number): string {
  const whole = place(row, 0) + ERASE_LINE + after
  if (!after.startsWith(before.slice(0, WORTH_CUTTING)) || !EVEN.test(before) || !EVEN.test(after)) return whole
  const old = before.match(TOKEN) ?? []
  const fresh = after.match(TOKEN) ?? []
  if (Math.max(columnsOf(old), columnsOf(fresh)) > columns) return whole
  const least = Math.min(old.length, fresh.length)
  let start = 0
  while (start < least && old[start] === fresh[start]) start++
  let same = 0
  while (same < least - start && old.at(-1 - same) === fresh.at(-1 - same)) same++
  const left = old.slice(start, old.length - same)
  const right = fresh.slice(start, fresh.length - same)
  const head = fresh.slice(0, start)
  const style = stylesOf(head)
  const to = place(row, columnsOf(head))
  const part =
    columnsOf(left) === columnsOf(right) && stylesOf(left) === stylesOf(right)
      ? to + style + right.join("") + STYLE_OFF
      : to + ERASE_LINE + style + fresh.slice(start).join("")
  return part.length < whole.length ? part : whole
}

const place = (row: number, column: number) => (column === 0 ? `\x1b[${row + 1}H` : `\x1b[${row + 1};${column + 1}H`)

const isStyle = (token: string) => token.length > 1
const columnsOf = (tokens: readonly string[]) => tokens.filter(token => !isStyle(token)).length

/** The changes of style among the tokens: what follows the same ones looks the same. */
const stylesOf = (tokens: readonly string[]) => tokens.filter(isStyle).join("")
