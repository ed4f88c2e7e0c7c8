import { type ChildProcess, fork } from "node:child_process"
import { onTestFinished } from "vitest"
import { until } from "../../support/waiting.ts"

/** A gateway: a process of its own that writes requests with the paths `/n/0`, `/n/1`, ... through all outages. */
export class Writer {
  /** How many are in the stream, as last heard. */
  written = 0
  private readonly process: ChildProcess

  /** Of the stream about `keep` entries stay. */
  constructor(url: string, stream: string, keep: number) {
    const file = new URL("writer-process.ts", import.meta.url)
    this.process = fork(file, [url, stream, String(keep)], { execArgv: [] })
    this.process.on("message", written => {
      this.written = written as number
    })
    onTestFinished(() => void this.process.kill("SIGKILL"))
  }

  /** Entries a second from now on. */
  set rate(rate: number) {
    this.process.send({ rate })
  }

  /** Waits until so many more are in the stream. */
  async more(count: number): Promise<void> {
    const enough = this.written + count
    await until(() => this.written >= enough || this.hasEnded)
    if (this.hasEnded)
      throw new Error(`the writer ended by itself: ${this.process.exitCode ?? this.process.signalCode}`)
  }

  /** Ends it; answers how many it has written. */
  async end(): Promise<number> {
    this.process.send("end")
    // What it told last has been heard by then.
    await until(() => this.hasEnded && !this.process.connected)
    return this.written
  }

  private get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null
  }
}
