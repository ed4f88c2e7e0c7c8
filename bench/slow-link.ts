import { setTimeout as delay } from "node:timers/promises"
import { Redis } from "ioredis"
import { BenchConsole } from "./console.ts"
import { type BenchPlatform, onPlatform, STREAM } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { requestFields } from "./requests.ts"

const RATE = 10
const SECONDS = 20
/** More than the screen has rows: from the first line on it scrolls. */
const BEFORE = 100

/** A path that takes what is left of the row, as those of the gateway do. */
const pathOf = (n: number) => `/n/${n}${requestFields(n).path}`

/** The console in a terminal of 160x50 while ten requests a second come, beside the bytes of their lines as text. */
export function slowLinkBench(): Promise<BenchRow[]> {
  return onPlatform(followed)
}

async function followed({ redisUrl, environment }: BenchPlatform): Promise<BenchRow[]> {
  const redis = new Redis(redisUrl)
  const append = (n: number) =>
    redis.xadd(STREAM, "*", ...Object.entries({ ...requestFields(n), path: pathOf(n) }).flat())
  for (let number = 0; number < BEFORE; number++) await append(number)
  const console = new BenchConsole(environment)
  await console.until(() => console.isLive && console.newestNumber === BEFORE - 1)
  // What the statistics begin with is no part of it.
  await delay(2_000)
  const began = { bytes: console.bytes, at: performance.now() }
  let lines = 0
  for (let number = BEFORE; number < BEFORE + RATE * SECONDS; number++) {
    await delay(Math.max(0, began.at + ((number - BEFORE) * 1_000) / RATE - performance.now()))
    await append(number)
    await console.until(() => console.newestNumber >= number)
    lines += Buffer.byteLength(`${console.newestRow.trimEnd()}\n`)
  }
  const seconds = (performance.now() - began.at) / 1_000
  const bytes = console.bytes - began.bytes
  await console.close()
  redis.disconnect()
  return [
    against(lines / seconds, {
      name: "written to the terminal, beside `tail -f` of the same lines",
      value: bytes / seconds,
      unit: "bytes/s",
      target: { atMost: 3 },
    }),
  ]
}
