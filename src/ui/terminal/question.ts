import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs"
import { ENDING } from "./skeleton.ts"

/** Primary attributes (DA1), which every terminal answers: once that answer is there, others come no more. */
const LAST_QUESTION = "\x1b[c"
const LAST_REPLY = /\x1b\[\?[\d;]*c/

/** Longest wait for the answers, in milliseconds; it holds nothing up but a leave within this time. */
const PATIENCE_MS = 2000
const PAUSE_MS = 10

/** Pause before the terminal is asked again, in milliseconds, and how often it is asked at the most. */
const AGAIN_MS = 1000
const MOST = 4

/** Where replies of the terminal are heard; the function returned ends that. */
type Listen = (hear: (reply: string) => void) => () => void

/**
 * Asks the terminal `questions` and hands its replies to `hear`, in which keys stand as well. `answered` learns in how many
 * milliseconds the last reply came, and says whether that will do: else the terminal is asked for it again a second later,
 * when the program is less busy itself, a few times at the most. The function returned ends all that before the terminal is
 * left: what is still to come is read away, or it would be typed into the shell. So it is where the program ends by a signal,
 * or of a fault.
 */
export function askTerminal(
  questions: readonly string[],
  write: (text: string) => void,
  listen: Listen,
  hear: (reply: string) => void,
  answered: (ms: number) => boolean,
): () => void {
  let asked = 0
  let until = 0
  let stopListening: (() => void) | undefined
  let timer: NodeJS.Timeout
  const ask = (text: string) => {
    const askedAt = performance.now()
    asked++
    until = askedAt + PATIENCE_MS
    stopListening = listen(reply => {
      hear(reply)
      if (!LAST_REPLY.test(reply)) return
      close()
      if (answered(performance.now() - askedAt) || asked === MOST) settle()
      else timer = setTimeout(ask, AGAIN_MS, "").unref()
    })
    timer = setTimeout(() => settle(), PATIENCE_MS).unref()
    write(text + LAST_QUESTION)
  }
  /** Ends one question. */
  const close = () => {
    clearTimeout(timer)
    stopListening?.()
    stopListening = undefined
  }
  const settle = () => {
    close()
    process.off("exit", end)
    for (const signal of ENDING) process.off(signal, end)
  }
  const end = () => {
    const isOpen = stopListening !== undefined
    settle()
    if (isOpen) readAway(until)
  }
  process.once("exit", end)
  // Before all others, who restore the terminal and end the program.
  for (const signal of ENDING) process.prependOnceListener(signal, end)
  ask(questions.join(""))
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
