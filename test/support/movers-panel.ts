import type { Help } from "./help.ts"
import type { Terminal } from "./terminal.ts"

/** The panel beside the log, a line a row of the screen; the selected one begins with ▌. */
const panelOf = (terminal: Terminal) => terminal.rows.map(row => row.split("│").at(1) ?? "")

/** The lines of the panel from `heading`, such as NETWORK, to the next; each without the mark. */
export function moversUnder(terminal: Terminal, heading: string): string[] {
  const panel = panelOf(terminal)
  const from = headingAt(panel, heading)
  const length = panel.slice(from + 1).findIndex(line => HEADING.test(line))
  return linesOf(panel.slice(from, length < 0 ? undefined : from + 1 + length))
}

/** With the keyboard in the panel, goes to the first mover below `heading`; answers its line. */
export async function selectFirstMover(terminal: Terminal, heading: string, help: Help): Promise<string> {
  for (;;) {
    const panel = panelOf(terminal)
    const first = headingAt(panel, heading) + 1
    const selected = selectedAt(panel)
    if (selected === first) return linesOf(panel.slice(first))[0] as string
    // They change places every second, and what is selected with them.
    terminal.press(help.key(selected < first ? "the first row of the next list" : "the first row of the list before"))
    const list = listAround(panel, selected)
    const isElsewhere = (now: string[]) => listAround(now, selectedAt(now)) !== list
    await terminal.wait(() => isElsewhere(panelOf(terminal)), `did not go to ${heading}`)
  }
}

/** The heading of the list that a line belongs to: lists grow and shrink, so that a line may stand elsewhere in it. */
const listAround = (panel: readonly string[], at: number) =>
  panel
    .slice(0, at)
    .findLast(line => HEADING.test(line))
    ?.split(/ +/)[1]

const selectedAt = (panel: readonly string[]) => panel.findLastIndex(line => line.startsWith("▌"))

const linesOf = (panel: readonly string[]) => panel.map(line => line.slice(1).trim())

const HEADING = /^ [A-Z]+( |$)/

const headingAt = (panel: readonly string[], heading: string) =>
  panel.findIndex(line => HEADING.test(line) && line.startsWith(` ${heading}`))
