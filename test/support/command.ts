import { EventEmitter } from "node:events"
import { PassThrough } from "node:stream"
import { text } from "node:stream/consumers"
import { errorLine } from "../../src/cli/errors.ts"
import { runCommand } from "../../src/cli/run.ts"
import { asDeckError } from "../../src/domain/errors.ts"
import { type Environment, type Outcome, temporaryDirectory } from "./program.ts"

/**
 * Runs a command to its end as `opsdeck` does, without a terminal and in an environment of its own, but within this
 * process; `terminating` fires where it is sent SIGTERM. A fault of the program is thrown. What libraries read from `process.env` does not come from `env`.
 */
export async function command(
  argv: readonly string[],
  env: Environment = {},
  terminating?: AbortSignal,
): Promise<Outcome> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end()
  const home = temporaryDirectory()
  const process = Object.assign(new EventEmitter(), {
    env: { PATH: globalThis.process.env.PATH, HOME: home, ...env },
    stdin,
    stdout,
    stderr,
    pid: globalThis.process.pid,
    kill: () => process.emit("SIGINT"),
  })
  terminating?.addEventListener("abort", () => process.emit("SIGTERM"))
  const outputs = Promise.all([text(stdout), text(stderr)])
  const status = await runCommand(argv, process).catch(error => {
    const failure = asDeckError(error)
    if (failure.code === "internal") throw error
    stderr.write(errorLine(failure, argv.includes("--json")))
    return failure.exitStatus
  })
  stdout.end()
  stderr.end()
  const [out, err] = await outputs
  return { status, stdout: out, stderr: err }
}
