import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
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
    await until(() => this.written >= enough)
  }

  /** Ends it; answers how many it has written. */
  async end(): Promise<number> {
    this.process.send("end")
    await once(this.process, "exit")
    return this.written
  }
}
