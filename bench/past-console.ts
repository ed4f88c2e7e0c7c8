import { Redis } from "ioredis"
import { BenchConsole } from "./console.ts"
import { median } from "./measures.ts"
import { onPlatform, STREAM } from "./platform.ts"
import type { BenchRow } from "./report.ts"
import { pourNumbered } from "./requests.ts"

const ROUNDS = 5
const DAY_MS = 86_400_000

/** The console beside the history in `directory`, which ends at `endMs`: from a key to what it asks the history for. */
export async function pastConsole(directory: string, endMs: number): Promise<BenchRow[]> {
  return onPlatform(async ({ redisUrl, environment }) => {
    const redis = new Redis(redisUrl)
    await pourNumbered(redis, STREAM, 0, 1_000, 10_000)
    redis.disconnect()
    const places: number[] = []
    const days: number[] = []
    // Answers are kept: each round has a console of its own.
    for (let round = 0; round < ROUNDS; round++) {
      const console = new BenchConsole({ ...environment, OPSDECK_HISTORY: directory })
      await console.until(() => console.isLive && console.newestNumber === 999)
      const moment = new Date(endMs - (round + 1) * DAY_MS - round * 1_234_567).toISOString()
      places.push(await until(console, `t${moment.slice(0, 16).replace("T", " ")}\r`, /◷/))
      await until(console, "G", /● live/)
      await until(console, "(", /\( hour \) \d/)
      days.push(await until(console, "(", /\( day \) \d/))
      await console.close()
    }
    const row = (name: string, of: readonly number[]): BenchRow => ({
      ...{ name, value: median(of) / 1_000, unit: "s", target: { atMost: 1 } },
    })
    return [
      row("console: from the key to the rows of a moment days ago", places),
      row("console: from the key to the bars of the last day", days),
    ]
  })
}

/** Presses keys and answers after how many ms the screen said it. */
async function until(console: BenchConsole, keys: string, said: RegExp): Promise<number> {
  const started = performance.now()
  console.press(keys)
  await console.until(() => said.test(console.text))
  return performance.now() - started
}
