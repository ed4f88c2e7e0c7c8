import type { Terminal } from "../../support/terminal.ts"

/** The line of the log's headings, below which nothing changes by time alone, or all there is on a small terminal. */
const HEADINGS = /^ TIME |^(opsdeck needs|…$)/

/**
 * What many small changes left on the screen is what a terminal shows that sees the console drawn once, whole. Nothing may
 * be going on meanwhile. `pid` is the console's; a hint that the size may have changed makes it draw.
 */
export async function expectDrawnAsFresh(terminal: Terminal, pid: number): Promise<void> {
  const from = terminal.rows.findIndex(row => HEADINGS.test(row))
  const drawn = terminal.drawn.slice(from).join("\n")
  const fresh = terminal.openSecond()
  process.kill(pid, "SIGWINCH")
  await terminal.wait(() => fresh().slice(from).join("\n") === drawn, "a fresh drawing is another")
}
