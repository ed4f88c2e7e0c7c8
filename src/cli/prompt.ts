import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"

/** Whether there is somebody who could answer. */
export const isAnswerable = () => process.stdin.isTTY === true && process.stderr.isTTY === true

/** One line from the terminal. The question goes to standard error: standard output belongs to the answer. */
export async function ask(question: string, { echo }: { echo: boolean }, signal: AbortSignal): Promise<string> {
  process.stderr.write(question)
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (echo) process.stderr.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  // In raw mode Ctrl-C is a key, not a signal.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"))
  try {
    return await terminal.question("", { signal })
  } finally {
    terminal.close()
    if (!echo) process.stderr.write("\n")
  }
}
