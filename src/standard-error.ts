import { Writable } from "node:stream"
import type { LogFile } from "./log-file.ts"

/** Standard error, for what opsdeck itself says: `process.stderr` is what libraries write to, and goes to the log file. */
export const standardError = process.stderr

/** Variables that make libraries and Node print all they send and receive, passwords and typed keys among it. */
const TRACES = ["DEBUG", "NODE_DEBUG", "NODE_DEBUG_NATIVE"]

/** The start of what Node prints by NODE_DEBUG, which it reads before the program can unset it. */
const NODE_TRACE = new RegExp(`^[A-Z0-9_]+ ${process.pid}: `)

/** The package restore-cursor writes it at the very end. */
const SHOW_CURSOR = "\x1b[?25h"

/**
 * Sends what libraries and Node print to `log`: on the terminal it would shift the console's frame, and scripts expect one
 * line on standard error. Turns traces off; call it before anything is loaded that prints them.
 */
export function divertDiagnostics(log: LogFile): void {
  for (const name of TRACES) delete process.env[name]
  for (const method of ["log", "info", "debug", "warn", "error", "trace", "dir"] as const) {
    console[method] = (...what: unknown[]) => log.write(...what)
  }
  process.removeAllListeners("warning")
  process.on("warning", warning => log.write(warning))
  const diverted = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const text = chunk.toString()
      if (text === SHOW_CURSOR) standardError.write(text)
      else if (!NODE_TRACE.test(text)) log.write(text.trimEnd())
      done()
    },
  })
  Object.defineProperty(process, "stderr", { configurable: true, enumerable: true, value: diverted })
}
