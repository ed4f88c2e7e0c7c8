import { Redis } from "ioredis"
import { BenchConsole } from "./console.ts"
import { residentMegabytes } from "./measures.ts"
import { type BenchPlatform, onPlatform, STREAM } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { pourNumbered } from "./requests.ts"

/** Entries read; the ring is full from 200 000 on at the latest. */
const FULL = 500_000
const SAMPLES = [250_000, FULL, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000]
/** Entries written ahead of what the console shows; the stream keeps enough that none is lost. */
const STEP = 25_000
const KEEP = 4 * STEP

/** Resident memory of the console while entries of a million addresses are read as fast as they can be written. */
export function memoryBench(): Promise<BenchRow[]> {
  return onPlatform(async platform => {
    const resident = await sample(platform)
    const full = resident.get(FULL) as number
    const unit = "MB"
    return [...resident].map(([entries, value]): BenchRow => {
      const name = `resident after ${entries.toLocaleString("en").replaceAll(",", " ")} entries`
      if (entries < FULL) return { name, value, unit }
      if (entries === FULL) return { name, value, unit, target: { atMost: 250 } }
      return against(full, { name, value, unit, target: { atMost: 1.1 } })
    })
  })
}

async function sample({ environment, redisUrl }: BenchPlatform): Promise<Map<number, number>> {
  const redis = new Redis(redisUrl)
  const console = new BenchConsole(environment)
  await console.until(() => console.isLive)
  const resident = new Map<number, number>()
  for (let written = 0; written < Math.max(...SAMPLES); written += STEP) {
    await pourNumbered(redis, STREAM, written, written + STEP, KEEP)
    await console.until(() => console.newestNumber >= written - STEP)
    if (!SAMPLES.includes(written + STEP)) continue
    await console.until(() => console.newestNumber === written + STEP - 1)
    resident.set(written + STEP, residentMegabytes(console.pid))
  }
  redis.disconnect()
  await console.close()
  return resident
}
