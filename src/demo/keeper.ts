import { setTimeout as sleep } from "node:timers/promises"
import type { DemoOptions, KeeperMessage } from "./keeper-messages.ts"
import { startPlatform } from "./platform.ts"

/**
 * Process that owns the throwaway servers, in a separate session, so that it can end and remove them however the
 * console ends (a key, a signal, kill -9). Its one argument is DemoOptions as JSON; it sends KeeperMessages, and ends
 * when the process that started it does.
 */

/** Time limit for the servers to end by themselves. */
const ENDS_WITHIN_MS = 20_000

const ending = new AbortController()
const platform = startPlatform(JSON.parse(process.argv[2] as string) as DemoOptions, {
  progress: text => tell({ kind: "progress", text }),
  signal: ending.signal,
})

/** Resolves once the message is sent, or nobody can receive it any more. */
function tell(message: KeeperMessage): Promise<void> {
  return new Promise(resolve => {
    if (process.connected) process.send?.(message, () => resolve())
    else resolve()
  })
}

async function end(status: number): Promise<void> {
  if (ending.signal.aborted) return
  ending.abort()
  await Promise.race([platform.stop(), sleep(ENDS_WITHIN_MS)])
  process.exit(status)
}

async function fail(error: unknown): Promise<void> {
  if (!ending.signal.aborted)
    await tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) })
  await end(1)
}

process.on("disconnect", () => end(0))
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(0))
process.on("uncaughtException", fail)
process.on("unhandledRejection", fail)

platform.ready.then(access => tell({ kind: "ready", platform: access }), fail)
// The parent may have ended before this process could listen.
if (!process.connected) void end(0)
