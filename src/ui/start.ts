import type { Config } from "../config.ts"
import { startTail } from "./runtime/tail-client.ts"
import { paintSkeleton } from "./terminal/skeleton.ts"

export interface ConsoleOptions {
  /** The id of the screen to open first; the log where left out. */
  readonly screen?: string
}

/**
 * Opens the console and answers the exit status when the operator leaves. Something is on the screen, and the log is
 * being read by its thread, before React and Ink are loaded. Throws DeckError `usage` for a screen that does not exist,
 * and whatever the console fails of.
 */
export async function startConsole(config: Config, { screen = "log" }: ConsoleOptions): Promise<number> {
  const skeleton = paintSkeleton(config)
  const tail = startTail({ redis: config.redis, history: config.history }, error =>
    process.emit("uncaughtException", error),
  )
  tail.setAlerts(config.alerts)
  try {
    const { runConsole } = await import("./run-console.tsx")
    await runConsole(config, screen, tail, () => skeleton.handOver())
    return 0
  } finally {
    skeleton.restore()
    await tail.close()
  }
}
