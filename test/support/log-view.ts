import type { Terminal } from "./terminal.ts"

/** Whole numbers from `from` to below `to`. */
export const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** The numbers of the numbered requests in sight, from top to bottom. */
export const numbersOn = (terminal: Terminal): number[] =>
  terminal.rows.flatMap(row => /\/n\/(\d+)/.exec(row)?.[1] ?? []).map(Number)

/**
 * Goes up a page at a time until the start of the stream is in sight; answers the numbers of all the requests passed,
 * oldest first: one that is missing is missing here, one that is repeated is here twice.
 */
export async function walkToStart(terminal: Terminal): Promise<number[]> {
  const passed: number[] = []
  for (;;) {
    await terminal.wait(() => !terminal.rows.some(isUnread), "rows stay unread")
    const seen = numbersOn(terminal)
    const known = passed.length === 0 ? seen.length : seen.indexOf(passed[0] as number)
    passed.unshift(...seen.slice(0, Math.max(0, known)))
    if (known >= 0 && atStart(terminal)) return passed
    const before = position(terminal)
    // A key that was taken after an older page had come may have led too far for the two screens to meet.
    terminal.press(known < 0 ? "pagedown" : "pageup")
    // On the oldest row nothing moves: only the note above it says, once it is known, that there is nothing older.
    await terminal.wait(() => position(terminal) !== before || atStart(terminal), "did not go up")
  }
}

const atStart = (terminal: Terminal) => terminal.screen.includes("start of the stream")

/** A row whose entry is not here yet. */
const isUnread = (row: string) => /^.…$/.test(row) || row.includes("reading older entries")

/** Where in the log the operator is, as far as it can be seen. */
const position = (terminal: Terminal) => `${numbersOn(terminal)} ${terminal.selected}`
