import { setTimeout as delay } from "node:timers/promises"
import { onTestFinished } from "vitest"
import { BenchConsole } from "../../bench/console.ts"
import { pressed } from "../../bench/live.ts"
import { percentile, residentMegabytes } from "../../bench/measures.ts"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { temporaryDirectory } from "../support/program.ts"
import { Heap } from "./support/heap.ts"
import { Platform } from "./support/platform.ts"
import { Follower } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const minutes = sized({ short: 0.5, full: 5, long: 60 })
const RATE = 5_000
const BURST = 20_000
const BURST_EVERY_MS = 20_000
const KEEP = 1_000_000
/** More than the ring holds: from then on what is held has to stay as it is. */
const FULL = 250_000

scenario(
  {
    number: 8,
    title: "heavy traffic, and an operator at work",
    load: `${RATE} entries/s for ${minutes} min, a second of ${BURST}/s every 20 s, MAXLEN ${KEEP}; terminal of 160x50`,
    passes: "every entry once and in order; key to paint p95 under 50 ms; heap flat after collection",
    inSubset: false,
  },
  async measure => {
    const server = await startRedisServer()
    onTestFinished(() => server.stop())
    const environment = platform.environment(server.port)
    const writer = new Writer(`${server.url}/1`, platform.stream, KEEP)
    writer.rate = 100
    await writer.more(1)
    const follower = new Follower(environment)
    const heap = new Heap()
    const console = new BenchConsole({ ...environment, ...heap.environment, HOME: temporaryDirectory() })
    onTestFinished(() => console.close())
    await console.until(() => console.isLive)

    writer.rate = RATE
    const end = performance.now() + minutes * 60_000
    let burst = performance.now() + BURST_EVERY_MS
    const latencies: number[] = []
    let held: { heap: number; resident: number } | undefined
    while (performance.now() < end) {
      for (const key of ["k", "k", "k", "j", "k", "G"]) {
        await delay(200 + Math.random() * 100)
        latencies.push(await pressed(console, key))
      }
      if (performance.now() > burst) {
        burst += BURST_EVERY_MS
        writer.rate = BURST
        await delay(1_000)
        writer.rate = RATE
      }
      if (held === undefined && writer.written > FULL) {
        held = { heap: await heap.megabytes(), resident: residentMegabytes(console.pid) }
      }
    }
    const written = await writer.end()
    await follower.accountsFor(written)
    await console.until(() => console.newestNumber === written - 1)
    const after = await heap.megabytes()
    measure("written, and had once by the command", written, "entries", { atLeast: minutes * 60 * RATE * 0.9 })
    measure("counted as lost by the command", follower.oracle.lost, "entries", { atMost: 0 })
    measure("from key to paint, p50", percentile(latencies, 50), "ms")
    measure("from key to paint, p95", percentile(latencies, 95), "ms", { atMost: 50 })
    if (held === undefined) throw new Error(`only ${written} entries were written`)
    measure(`held after collection, at ${FULL} entries`, held.heap, "MB")
    measure("the same at the end", after, "MB", { atMost: Math.ceil(held.heap * 1.1) })
    measure("resident at the end", residentMegabytes(console.pid), "MB")
  },
)
