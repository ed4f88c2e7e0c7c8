import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { DeckError } from "../domain/errors.ts"
import type { CommandProcess } from "./command-process.ts"

/** Prompts at the terminal of a command. */
export interface Prompt {
  /** Whether there is a terminal to answer on. */
  readonly answerable: boolean
  /** Reads one line from the terminal. Throws DeckError "cancelled" at Ctrl-D. */
  ask(question: string, options: { echo: boolean }, signal: AbortSignal): Promise<string>
}

/** Prompts go to standard error: standard output belongs to the answer. */
export const openPrompt = (process: CommandProcess): Prompt => ({
  answerable: process.stdin.isTTY === true && process.stderr.isTTY === true,
  async ask(question, { echo }, signal) {
    const output = new Writable({
      write(chunk, _encoding, done) {
        if (echo) process.stderr.write(chunk)
        done()
      },
    })
    const terminal = createInterface({ input: process.stdin, output, terminal: true })
    // Without echo readline draws nothing, its question included. The terminal's own echo is off by now.
    if (!echo) process.stderr.write(question)
    // In raw mode Ctrl-C is a key, not a signal.
    terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"))
    let answered = false
    const closed = new Promise<never>((_, reject) => {
      terminal.once("close", () => reject(new DeckError("cancelled", "cancelled")))
    })
    try {
      const answer = await Promise.race([terminal.question(echo ? question : "", { signal }), closed])
      answered = true
      return answer
    } finally {
      terminal.close()
      if (!echo || !answered) process.stderr.write("\n")
    }
  },
})
