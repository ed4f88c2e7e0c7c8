import type { Terminal } from "../../support/terminal.ts"
import { until } from "../../support/waiting.ts"

/** The line of the log's headings, below which nothing changes by time alone, or all there is on a small terminal. */
const HEADINGS = /^ TIME |^(opsdeck needs|…$)/

/**
 * What many small changes left on the screen is what a terminal shows that sees the console drawn once, whole. Nothing may
 * be going on meanwhile. `pid` is the console's; a hint that the size may have changed makes it draw.
 */
export async function expectDrawnAsFresh(terminal: Terminal, pid: number): Promise<void> {
  const from = terminal.rows.findIndex(row => HEADINGS.test(row))
  const drawn = terminal.drawn.slice(from)
  const fresh = terminal.openSecond()
  process.kill(pid, "SIGWINCH")
  try {
    await until(() => fresh().slice(from).join("\n") === drawn.join("\n"))
  } catch {
    const rows = fresh().slice(from)
    const other = drawn.flatMap((row, at) => (row === rows[at] ? [] : [`${from + at}: ${row}`, `fresh: ${rows[at]}`]))
    throw new Error(`a fresh drawing is another:\n${other.join("\n")}`)
  }
}
