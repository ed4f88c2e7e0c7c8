import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root, temporaryDirectory } from "../../support/program.ts"
import { until } from "../../support/waiting.ts"

/** What a console's threads hold, main and tail. */
const THREADS = 2

/** Asks a program that was started with `environment` how much it holds once its garbage is collected. */
export class Heap {
  private readonly report = join(temporaryDirectory(), "heap")
  private asked = 0
  readonly environment = {
    NODE_OPTIONS: `--import=${join(root, "test/support/heap-on-request.mjs")}`,
    HEAP_REPORT: this.report,
  }

  /** MB of 1024 * 1024 bytes, of all threads. */
  async megabytes(): Promise<number> {
    const file = `${this.report}.${++this.asked}`
    writeFileSync(file, "")
    const lines = () => readFileSync(file, "utf8").split("\n").slice(0, -1)
    await until(() => lines().length >= THREADS)
    return lines().reduce((sum, line) => sum + Number(line.split(" ")[1]), 0) / 2 ** 20
  }
}
