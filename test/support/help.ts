import type { Terminal } from "./terminal.ts"

/** What the help of one screen says. */
export interface Help {
  /** The first key that does what begins with `words`, as a terminal is told to press it. */
  key(words: string): string
}

/** What the names of the keys take of a line, before what they do. */
const KEYS_WIDTH = 20

/** Opens the help of the screen in sight, reads it to its end, and closes it. */
export async function readHelp(terminal: Terminal): Promise<Help> {
  terminal.press("?")
  await terminal.see("┌ Help: ")
  const lines = [...dialogLines(terminal)]
  for (let title = titleOf(terminal); title.includes("↓"); title = titleOf(terminal)) {
    terminal.press("pagedown")
    await terminal.wait(() => titleOf(terminal) !== title, "the help did not go on")
    lines.push(...dialogLines(terminal))
  }
  terminal.press("esc")
  await terminal.seeNoMore("┌ Help: ")
  return {
    key(words) {
      const line = lines.find(line => line.slice(KEYS_WIDTH).startsWith(words))
      const [label] = /^\S+/.exec(line ?? "") ?? []
      if (label === undefined) throw new Error(`no key does ${words}; the help was:\n${lines.join("\n")}`)
      return label.length > 1 ? label.toLowerCase() : label
    },
  }
}

const titleOf = ({ rows }: Terminal) => rows.find(row => row.includes("┌ Help: ")) ?? ""

/** The text between the borders; what goes on in the next line is none of its own. */
const dialogLines = ({ rows }: Terminal) =>
  rows.flatMap(row => /│ (.+?) +│/.exec(row)?.[1] ?? []).filter(line => line.trim() !== "")
