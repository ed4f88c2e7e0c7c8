import { vi } from "vitest"
import { type TerminalEvent, TerminalInput } from "../../src/ui/terminal/terminal-input.ts"

// What is typed at a terminal, read by the console under fake timers.

export const ESCAPE_DELAY_MS = 100
/** The marks of a paste. */
export const BEGIN = "\x1b[200~"
export const END = "\x1b[201~"

/** An input and what it told; a number among `reads` is a pause in milliseconds. Reads are bytes, or text. */
export function openInput(mouse = false) {
  let touches = 0
  const events: TerminalEvent[] = []
  const input = new TerminalInput({ escapeDelayMs: ESCAPE_DELAY_MS, mouse }, () => touches++)
  input.listen(told => void events.push(...told))
  const read = (...reads: (Buffer | string | number)[]) => {
    for (const one of reads) {
      if (typeof one === "number") vi.advanceTimersByTime(one)
      else input.take(Buffer.from(one as string))
    }
  }
  return { events, read, touches: () => touches }
}

export function told(...reads: (Buffer | string | number)[]) {
  const { events, read } = openInput()
  read(...reads, 10 * ESCAPE_DELAY_MS)
  return events
}

/** Bytes; those above 127 of an old report are no UTF-8. */
export const bytes = (sequence: string) => Buffer.from(sequence, "latin1")

/** A text in pieces, with pauses between them. */
export function pieces(whole: Buffer, cuts: readonly number[], gap: number): (Buffer | number)[] {
  const places = [0, ...cuts, whole.length]
  return places.slice(1).flatMap((to, index) => [whole.subarray(places[index], to), gap])
}

/** Returns each way of cutting `length` bytes once, and that of all single bytes. */
export const cutsOf = (length: number) => {
  const all = Array.from({ length: length - 1 }, (_, at) => at + 1)
  return [[], ...all.map(at => [at]), all]
}
