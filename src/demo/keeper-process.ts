import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { DeckError } from "../domain/errors.ts"
import type { DemoOptions, DemoPlatform, KeeperMessage } from "./keeper-messages.ts"

export type Keeper = ReturnType<typeof startKeeper>

/** Starts the keeper of a throwaway platform; from the built program as from the sources. */
export function startKeeper(options: DemoOptions, progress: (text: string) => void) {
  const file = import.meta.url.endsWith(".ts") ? "./keeper.ts" : "./demo-keeper.js"
  // Detached: a Ctrl-C at the terminal, or its end, must reach the console alone.
  const keeper = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  return {
    /** Rejects with DeckError("unavailable") when the platform could not be started, or was stopped before. */
    ready: readiness(keeper, progress),
    /** Resolves when the keeper and everything that it started have ended. */
    ended: new Promise<void>(resolve => keeper.on("exit", () => resolve()).on("error", () => resolve())),
    /** Asks it to end everything. */
    stop: () => {
      if (keeper.connected) keeper.disconnect()
    },
  }
}

function readiness(keeper: ChildProcess, progress: (text: string) => void): Promise<DemoPlatform> {
  return new Promise((resolve, reject) => {
    const giveUp = (reason: string) => reject(new DeckError("unavailable", `the demo could not be started: ${reason}`))
    keeper.on("error", error => giveUp(error.message))
    keeper.on("exit", (status, signal) => giveUp(`its keeper ended with ${signal ?? `status ${status}`}`))
    keeper.on("message", (message: KeeperMessage) => {
      if (message.kind === "progress") progress(message.text)
      else if (message.kind === "ready") resolve(message.platform)
      else giveUp(message.message)
    })
  })
}
