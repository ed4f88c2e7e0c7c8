import type xterm from "@xterm/headless"

/** How each character of a screen is drawn, to compare: a text a row. */
export function drawnOn({ buffer: { active }, cols, rows }: xterm.Terminal): string[] {
  const row = (at: number) => {
    const line = active.getLine(active.viewportY + at)
    return Array.from({ length: cols }, (_, column) => cellText(line?.getCell(column))).join("|")
  }
  return Array.from({ length: rows }, (_, at) => row(at))
}

function cellText(cell: xterm.IBufferCell | undefined): string {
  if (!cell) return ""
  const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()]
  const styles = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse()]
  return [cell.getChars() || " ", ...colours, ...styles.map(Number)].join(" ")
}
