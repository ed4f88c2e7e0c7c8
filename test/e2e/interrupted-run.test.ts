import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { processesIn } from "../support/processes-in.ts"
import { root, temporaryDirectory } from "../support/program.ts"
import { RUN_DIRECTORY } from "../support/run-directory.ts"
import { eventually, until } from "../support/waiting.ts"

/** A look at all processes takes a while. */
const LOOKS = { every: 200 }
const HELD = [/redis-server|valkey-server/, /postgres -D/, /\/\/ held/]

/** Starts the run of one test that holds servers, with everything temporary in `directory`. */
async function startRun(directory: string) {
  // PostgreSQL runs as another user where this is root.
  chmodSync(directory, 0o711)
  const { [RUN_DIRECTORY]: _, ...env } = process.env
  const vitest = join(root, "node_modules/vitest/vitest.mjs")
  const runner = spawn(process.execPath, [vitest, "run", "--config", "test/support/held-run/vitest.config.ts"], {
    cwd: root,
    env: { ...env, TMPDIR: directory },
    stdio: "ignore",
  })
  onTestFinished(() => void runner.kill("SIGKILL"))
  const commands = () => processesIn(directory).map(({ command }) => command)
  await until(() => HELD.every(held => commands().some(command => held.test(command))), LOOKS)
  return runner
}

test.runIf(process.platform === "linux").each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "a run of tests whose runner alone gets %s leaves no process and no directory behind",
  async signal => {
    const directory = temporaryDirectory()
    const runner = await startRun(directory)
    const ended = once(runner, "exit")
    runner.kill(signal)
    await ended
    await eventually(() => expect([...processesIn(directory), ...readdirSync(directory)]).toEqual([]), LOOKS)
  },
)
