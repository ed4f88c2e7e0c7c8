import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { oneGateway } from "../src/adapters/redis/connections.ts"
import type { TailCommand, TailMessage, TailOptions, TailSnapshot } from "../src/tail/protocol.ts"
import { root } from "./console.ts"

/** The console's own worker over a stream, whose snapshots count as drawn at once. */
export class BenchWorker {
  private readonly worker: Worker
  private readonly watchers = new Set<(snapshot: TailSnapshot) => void>()
  private readonly failed: Promise<never>

  constructor(url: string, stream: string) {
    const workerData = { redis: { api: { url }, gateways: oneGateway({ url }, stream) }, history: undefined }
    this.worker = new Worker(join(root, "dist/tail-worker.js"), { workerData: workerData satisfies TailOptions })
    this.worker.on("message", (message: TailMessage) => {
      if (message.type !== "snapshot") return
      for (const watcher of this.watchers) watcher(message.snapshot)
      this.say({ type: "drawn" })
    })
    this.failed = new Promise((_, reject) => this.worker.on("error", reject))
  }

  say(command: TailCommand): void {
    this.worker.postMessage(command)
  }

  /** Waits for a snapshot that meets the condition. */
  async until(condition: (snapshot: TailSnapshot) => boolean): Promise<void> {
    const met = Promise.withResolvers<void>()
    const watcher = (snapshot: TailSnapshot) => {
      if (condition(snapshot)) met.resolve()
    }
    this.watchers.add(watcher)
    await Promise.race([met.promise, this.failed]).finally(() => this.watchers.delete(watcher))
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }
}
