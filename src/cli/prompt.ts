import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { DeckError } from "../domain/errors.ts"

/** Whether there is somebody who could answer. */
export const isAnswerable = () => process.stdin.isTTY === true && process.stderr.isTTY === true

/**
 * One line from the terminal. The question goes to standard error: standard output belongs to the answer. Throws
 * DeckError "cancelled" at Ctrl-D.
 */
export async function ask(question: string, { echo }: { echo: boolean }, signal: AbortSignal): Promise<string> {
  // What is typed stays unseen with all else that readline draws, its question included.
  if (!echo) process.stderr.write(question)
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (echo) process.stderr.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
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
}
