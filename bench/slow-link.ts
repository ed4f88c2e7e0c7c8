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
const TOGGLE_MOVERS = "m"

/** A path that takes what is left of the row, as those of the gateway do. */
const pathOf = (n: number) => `/n/${n}${requestFields(n).path}`

/**
 * The console in a terminal of 160x50 while ten requests a second come, beside the bytes of their lines as text: the log
 * over the whole width, and with the movers beside it, which stay where they are while it scrolls.
 */
export function slowLinkBench(): Promise<BenchRow[]> {
  return onPlatform(async ({ redisUrl, environment }: BenchPlatform) => {
    const redis = new Redis(redisUrl)
    let number = 0
    const append = async () => {
      const fields = { ...requestFields(number), path: pathOf(number) }
      await redis.xadd(STREAM, "*", ...Object.entries(fields).flat())
      number++
    }
    while (number < BEFORE) await append()
    const console = new BenchConsole(environment)
    await console.until(() => console.isLive && console.newestNumber === BEFORE - 1)
    console.press(TOGGLE_MOVERS)
    const alone = await followed(console, append)
    console.press(TOGGLE_MOVERS)
    const beside = await followed(console, append)
    await console.close()
    redis.disconnect()
    const row = (name: string, value: number) =>
      against(alone.text, { name, value, unit: "bytes/s", target: { atMost: 3 } })
    return [row("the log alone, written to the terminal", alone.drawn), row("with the movers beside it", beside.drawn)]
  })
}

/** Bytes a second while requests come: what the console draws, and what their lines are as text, cut where movers begin. */
async function followed(console: BenchConsole, append: () => Promise<void>): Promise<{ drawn: number; text: number }> {
  // What the statistics begin with is no part of it.
  await delay(2_000)
  const began = { bytes: console.bytes, at: performance.now() }
  let lines = 0
  for (let count = 0; count < RATE * SECONDS; count++) {
    await delay(Math.max(0, began.at + (count * 1_000) / RATE - performance.now()))
    const last = console.newestNumber
    await append()
    await console.until(() => console.newestNumber > last)
    lines += Buffer.byteLength(`${console.newestRow.trimEnd()}\n`)
  }
  const seconds = (performance.now() - began.at) / 1_000
  return { drawn: (console.bytes - began.bytes) / seconds, text: lines / seconds }
}
