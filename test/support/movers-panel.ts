import type { Terminal } from "./terminal.ts"

/** The panel beside the log, a line a row of the screen; the selected one begins with ▌. */
const panelOf = (terminal: Terminal) => terminal.rows.map(row => row.split("│").at(1) ?? "")

/** The lines of the panel from `heading`, such as NETWORK, to the next; each without the mark. */
export function moversUnder(terminal: Terminal, heading: string): string[] {
  const panel = panelOf(terminal)
  const from = headingAt(panel, heading)
  const length = panel.slice(from + 1).findIndex(line => HEADING.test(line))
  return panel.slice(from, length < 0 ? undefined : from + 1 + length).map(line => line.slice(1).trim())
}

/** With the keyboard in the panel, goes `down` to the first mover below `heading`. */
export async function selectFirstMover(terminal: Terminal, heading: string, down: string): Promise<void> {
  for (;;) {
    const panel = panelOf(terminal)
    const target = headingAt(panel, heading) + 1
    const selected = panel.findLastIndex(line => line.startsWith("▌"))
    if (selected === target) return
    terminal.press(down)
    await terminal.wait(
      () => panelOf(terminal).findLastIndex(line => line.startsWith("▌")) > selected,
      `did not go down to ${heading}`,
    )
  }
}

const HEADING = /^ [A-Z]+( |$)/

const headingAt = (panel: readonly string[], heading: string) =>
  panel.findIndex(line => HEADING.test(line) && line.startsWith(` ${heading}`))
