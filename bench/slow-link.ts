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
const MOVERS = "m"

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
    await hideMovers(console)
    const alone = await followed(console, append)
    await showMovers(console)
    const beside = await followed(console, append)
    await console.close()
    const withMargins = new BenchConsole(environment, true)
    await withMargins.until(
      () => withMargins.isLive && withMargins.newestNumber === number - 1 && hasMovers(withMargins),
    )
    const scrolledBeside = await followed(withMargins, append)
    await withMargins.close()
    redis.disconnect()
    const row = (name: string, value: number, atMost?: number) =>
      against(alone.text, { name, value, unit: "bytes/s", ...(atMost !== undefined && { target: { atMost } }) })
    return [
      row("the log alone, written to the terminal", alone.drawn, 3),
      row("with the movers beside it, in a terminal with left and right margins", scrolledBeside.drawn, 4),
      row("with the movers beside it, in one without", beside.drawn),
    ]
  })
}

const hasMovers = (console: BenchConsole) => /│.* (NETWORK|ROUTE) /.test(console.text)

/** Each key once what the one before it did is drawn. */
async function press(console: BenchConsole, key: string, shows: () => boolean): Promise<void> {
  console.press(key)
  await console.until(shows)
}

async function hideMovers(console: BenchConsole): Promise<void> {
  await console.until(() => hasMovers(console))
  await press(console, MOVERS, () => console.text.includes("▌movers"))
  await press(console, MOVERS, () => !hasMovers(console))
}

async function showMovers(console: BenchConsole): Promise<void> {
  await press(console, MOVERS, () => console.text.includes("▌movers"))
  await press(console, "\t", () => !console.text.includes("▌movers"))
}

/** Bytes a second while requests come: what the console draws, and what their lines are as text, cut where movers begin. */
async function followed(console: BenchConsole, append: () => Promise<void>): Promise<{ drawn: number; text: number }> {
  // What the statistics begin with is no part of it.
  await delay(2_000)
  const began = { bytes: console.bytes, at: performance.now() }
  let lines = 0
  for (let count = 0; count < RATE * SECONDS; count++) {
    await delay(Math.max(0, began.at + (count * 1_000) / RATE - performance.now()))
    await append()
    // That of a moment ago: they are all about as long.
    lines += Buffer.byteLength(`${console.newestRow.trimEnd()}\n`)
  }
  const seconds = (performance.now() - began.at) / 1_000
  return { drawn: (console.bytes - began.bytes) / seconds, text: lines / seconds }
}
