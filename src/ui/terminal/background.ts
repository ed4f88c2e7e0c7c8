import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs"
import { ENDING } from "./skeleton.ts"

export type Background = "dark" | "light"

/**
 * Asks for the background (OSC 11) and then for the primary attributes (DA1), which every terminal answers: once that
 * answer is there, one for the background comes no more.
 */
const QUESTION = "\x1b]11;?\x1b\\\x1b[c"
const LAST_REPLY = /\x1b\[\?[\d;]*c/

/** Longest wait for the answer, in milliseconds; it holds nothing up but a leave within this time. */
const PATIENCE_MS = 2000
const PAUSE_MS = 10

const COLOUR =
  /^\x1b\]11;(?:rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})|#([\da-f]{2})([\da-f]{2})([\da-f]{2}))/i

/** Luminance (WCAG 2, relative luminance) on which black and white text stand out alike. */
const MIDDLE = 0.179

/** Returns what a terminal's reply says of its background; undefined for other replies. */
export function backgroundOf(reply: string): Background | undefined {
  const parts = COLOUR.exec(reply)
    ?.slice(1)
    .filter(part => part !== undefined)
  if (!parts) return undefined
  const [red, green, blue] = parts.map(part => Number.parseInt(part, 16) / (16 ** part.length - 1))
  return luminance(red as number, green as number, blue as number) > MIDDLE ? "light" : "dark"
}

/** Returns the relative luminance of a colour of sRGB, all from 0 to 1 (WCAG 2). */
export function luminance(red: number, green: number, blue: number): number {
  const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/** Where replies of the terminal are heard; the function returned ends that. */
type Listen = (hear: (reply: string) => void) => () => void

/**
 * Asks the terminal for its background and tells `answered`, if it answers. The function returned ends the question before
 * the terminal is left: what is still to come is read away, or it would be typed into the shell. So it is where the
 * program ends by a signal, or of a fault.
 */
export function askBackground(
  write: (text: string) => void,
  listen: Listen,
  answered: (background: Background) => void,
): () => void {
  const until = performance.now() + PATIENCE_MS
  const stopListening = listen(reply => {
    const background = backgroundOf(reply)
    if (background) answered(background)
    if (LAST_REPLY.test(reply)) settle()
  })
  const giveUp = setTimeout(() => settle(), PATIENCE_MS)
  giveUp.unref()
  let isOpen = true
  const settle = () => {
    isOpen = false
    stopListening()
    clearTimeout(giveUp)
    process.off("exit", end)
    for (const signal of ENDING) process.off(signal, end)
  }
  const end = () => {
    if (!isOpen) return
    settle()
    readAway(until)
  }
  process.once("exit", end)
  // Before all others, who restore the terminal and end the program.
  for (const signal of ENDING) process.prependOnceListener(signal, end)
  write(QUESTION)
  return end
}

/** Whether input and output are the same terminal: else what it replies would be typed into whatever reads there. */
export function isOneTerminal(): boolean {
  const [input, output] = [fstatSync(process.stdin.fd), fstatSync(process.stdout.fd)]
  return input.rdev === output.rdev
}

/** Reads the terminal until its last reply, or the time `until`, with nothing echoed. */
function readAway(until: number): void {
  const { stdin } = process
  const wasRaw = stdin.isRaw
  let terminal: number | undefined
  try {
    terminal = openSync("/dev/tty", constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    stdin.setRawMode(true)
    let read = ""
    while (!LAST_REPLY.test(read) && performance.now() < until) read += readSome(terminal)
  } catch {
    // There is no such terminal any more, and nobody to see what it replies.
  } finally {
    if (terminal !== undefined) closeSync(terminal)
    if (!wasRaw) stdin.setRawMode(false)
  }
}

/** Returns what has arrived; waits a little where nothing has. Throws where the terminal is gone. */
function readSome(terminal: number): string {
  const bytes = Buffer.alloc(1024)
  try {
    const count = readSync(terminal, bytes)
    if (count === 0) throw new Error("the terminal has ended")
    return bytes.toString("latin1", 0, count)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    return ""
  }
}
