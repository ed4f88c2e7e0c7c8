import type { CommandProcess } from "./cli/command-process.ts"
import type { CommandLine } from "./config/command-line.ts"
import { withoutConsole } from "./config/console-terminal.ts"
import { logFilePath } from "./config/paths.ts"
import { CONSOLE_OPTIONS } from "./config/settings.ts"
import { readConfig } from "./config.ts"
import { asDeckError, DeckError } from "./domain/errors.ts"
import { openLogFile, withoutSecrets } from "./log-file.ts"
import { divertDiagnostics, standardError } from "./standard-error.ts"

const log = openLogFile(logFilePath(process.env))

/** The process as commands see it: what libraries write to `process.stderr` is not for the operator. */
const commandProcess: CommandProcess = {
  env: process.env,
  get stdin() {
    return process.stdin
  },
  get stdout() {
    return process.stdout
  },
  stderr: standardError,
  pid: process.pid,
  once: (signal, listener) => process.once(signal, listener),
  off: (signal, listener) => process.off(signal, listener),
  kill: (pid, signal) => process.kill(pid, signal),
}

/** The oldest Node that it runs on: bin/opsdeck.js says so, too, and has to in the words of older ones. */
const OLDEST_NODE = 22

/** The console, a command or the demonstration; whichever it is, the other two are never loaded. */
async function main(argv: readonly string[]): Promise<number> {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new DeckError("usage", `Node ${OLDEST_NODE} or newer is needed, and this is ${process.versions.node}`)
  }
  // The console by itself opens sooner without the library that reads command lines.
  if (argv.length === 0) return openConsole({ words: [], values: new Map() })
  const { leadingWords, readCommandLine } = await import("./config/read-command-line.ts")
  const [first] = leadingWords(argv, CONSOLE_OPTIONS)
  if (first === "demo") return (await import("./demo/start.ts")).startDemo(argv)
  const asksAboutProgram = argv.includes("--help") || argv.includes("--version")
  if (first === undefined && !asksAboutProgram) return openConsole(readCommandLine(argv, CONSOLE_OPTIONS))
  return (await import("./cli/run.ts")).runCommand(argv, commandProcess)
}

/** Loads nothing that it can do without: what is imported here delays the first frame. */
async function openConsole(line: CommandLine): Promise<number> {
  const why = withoutConsole(process)
  if (why !== undefined) {
    throw new DeckError("usage", `${why}; everything it does is also a command, see: opsdeck --help`)
  }
  const { startConsole } = await import("./ui/start.ts")
  const screen = line.values.get("screen") as string | undefined
  return startConsole(readConfig(line, process.env), screen === undefined ? {} : { screen })
}

/** Says in one line what went wrong; a fault of the program leaves its stack in the log file. Never rejects. */
async function fail(error: unknown): Promise<number> {
  const failure = describe(error)
  try {
    const { errorLine } = await import("./cli/errors.ts")
    standardError.write(errorLine(failure, process.argv.includes("--json")))
  } catch {
    // The program's files were replaced while it ran. What cannot be made safe to show is left to the log file.
    log.write(error)
    standardError.write(`opsdeck: failed; the details are in ${log.path}\n`)
  }
  return failure.exitStatus
}

function describe(error: unknown): DeckError {
  const failure = asDeckError(error)
  if (failure.code !== "internal") return failure
  log.write(error)
  const { message, traceId } = failure
  const details = traceId === undefined ? {} : { traceId }
  return new DeckError(
    "internal",
    `internal error: ${withoutSecrets(message)}; the details are in ${log.path}`,
    details,
  )
}

divertDiagnostics(log)
// A crash lets the console go, so that its terminal is restored: what it has to say comes before that end.
let crash: Promise<never> | undefined
process.on("uncaughtException", error => {
  crash ??= fail(error).then(status => process.exit(status))
})
const status = await main(process.argv.slice(2)).catch(fail)
await crash
process.exit(status)
