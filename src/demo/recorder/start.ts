import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { isEngineInstalled } from "../../adapters/history/parquet/duckdb.ts"
import { CAUGHT_UP, type RecorderOrders } from "./orders.ts"

const ENDS_WITHIN_MS = 10_000

/** A place for the demo's history, and the recorder of it once it is started. `stop` ends and removes both. */
export async function prepareHistory() {
  const folder = await mkdtemp(join(tmpdir(), "opsdeck-history-"))
  const directory = join(folder, "log")
  let recorder: ChildProcess | undefined
  return {
    /** Where whatever the demo keeps in files is. */
    folder,
    /** Where the history is, or would be. */
    directory,
    /** Whether there can be one: DuckDB is installed. */
    isPossible: isEngineInstalled(),
    /**
     * Makes the past and records from then on, in a process beside; resolves once it has what the stream held, or has ended,
     * after which the stream may be trimmed.
     */
    async record(orders: Omit<RecorderOrders, "directory">): Promise<void> {
      const file = import.meta.url.endsWith(".ts") ? "./process.ts" : "./demo-recorder.js"
      recorder = fork(fileURLToPath(new URL(file, import.meta.url)), { stdio: ["ignore", "ignore", "ignore", "ipc"] })
      const { promise, resolve } = Promise.withResolvers<void>()
      recorder.on("exit", resolve).on("error", () => resolve())
      recorder.on("message", said => said === CAUGHT_UP && resolve())
      recorder.send({ ...orders, directory } satisfies RecorderOrders, () => {})
      await promise
    },
    async stop(): Promise<void> {
      if (recorder !== undefined) await end(recorder)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Lets go of the recorder, which then writes what it has read; one that does not end is killed. */
async function end(recorder: ChildProcess): Promise<void> {
  if (recorder.exitCode !== null || recorder.signalCode !== null || recorder.pid === undefined) return
  const exited = once(recorder, "exit")
  const force = setTimeout(() => recorder.kill("SIGKILL"), ENDS_WITHIN_MS)
  if (recorder.connected) recorder.disconnect()
  await exited
  clearTimeout(force)
}
