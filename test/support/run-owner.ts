import { rmSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { processesIn } from "./processes-in.ts"

/**
 * A process beside a run of the tests, with a pipe from it and the run's directory as its argument: when the pipe closes,
 * the run has ended, and this ends what is left of it.
 */

/** Servers end in good order within that, PostgreSQL with its shared memory. */
const ENDS_WITHIN_MS = 3_000
const GIVES_UP_AFTER_MS = 30_000

const directory = process.argv[2] as string
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {})
process.stdin.resume().on("close", async () => {
  await endProcesses()
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  process.exit()
})

async function endProcesses(): Promise<void> {
  const since = Date.now()
  const asked = new Set<number>()
  while (Date.now() - since < GIVES_UP_AFTER_MS) {
    const left = processesIn(directory)
    if (left.length === 0) return
    const force = Date.now() - since > ENDS_WITHIN_MS
    for (const { pid } of left) {
      if (force || !asked.has(pid)) kill(pid, force ? "SIGKILL" : "SIGTERM")
      asked.add(pid)
    }
    await delay(50)
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}
