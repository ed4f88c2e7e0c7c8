const ERASE_LINE = "\x1b[K"
const STYLE_OFF = "\x1b[m"

/** A change of style, or a character. */
const TOKEN = /\x1b\[[\d;]*m|./gs

/**
 * Rows of which every character takes one column on any terminal: ASCII, and what frames and charts are drawn with. On
 * the width of others terminals do not agree.
 */
const EVEN = /^(?:\x1b\[[\d;]*m|[ -~·…‖─-●])*$/

/**
 * What turns the row `before`, counted from 0, into `after` in a terminal of `columns`: the characters that differ, where
 * it is certain in which columns they are, else the whole row.
 */
export function rowChange(row: number, before: string, after: string, columns: number): string {
  const start = `\x1b[${row + 1}H`
  const whole = start + ERASE_LINE + after
  if (before.length !== after.length || !EVEN.test(before) || !EVEN.test(after)) return whole
  const part = characterChanges(before.match(TOKEN) ?? [], after.match(TOKEN) ?? [], columns)
  return part !== undefined && part.length < after.length ? start + part : whole
}

/** From the first column on, what differs; undefined when the two are not styled alike, or wider than the terminal. */
function characterChanges(before: readonly string[], after: readonly string[], columns: number): string | undefined {
  let changes = ""
  let column = 0
  let unchanged = { text: "", styles: "", columns: 0 }
  for (const [index, token] of after.entries()) {
    const old = before[index]
    const isStyle = token.length > 1
    if (isStyle ? old !== token : old === undefined || old.length > 1) return undefined
    if (!isStyle) column++
    if (old === token) {
      unchanged.text += token
      if (isStyle) unchanged.styles += token
      else unchanged.columns++
    } else {
      changes += passing(unchanged) + token
      unchanged = { text: "", styles: "", columns: 0 }
    }
  }
  return column > columns ? undefined : changes + STYLE_OFF
}

/** Goes past what did not change: over it, or by writing it again where that is shorter. */
function passing({ text, styles, columns }: { text: string; styles: string; columns: number }): string {
  const over = `\x1b[${columns}C${styles}`
  return columns > 0 && over.length < text.length ? over : text
}
