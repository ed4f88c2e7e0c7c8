// A process that writes numbered requests, as the gateway would: node writer.ts REDIS_URL STREAM RATE SECONDS KEEP
import { setTimeout as delay } from "node:timers/promises"
import { Redis } from "ioredis"
import { pourNumbered } from "./requests.ts"

const TICK_MS = 5

/** Tells its parent at the end when each number was sent, in ms since the epoch. */
async function write(url: string, stream: string, rate: number, seconds: number, keep: number): Promise<void> {
  const redis = new Redis(url)
  const sentAt: number[] = []
  const started = Date.now()
  while (sentAt.length < rate * seconds) {
    await delay(TICK_MS)
    const now = Date.now()
    const due = Math.min(rate * seconds, Math.floor(((now - started) * rate) / 1_000))
    const from = sentAt.length
    while (sentAt.length < due) sentAt.push(now)
    await pourNumbered(redis, stream, from, due, keep)
  }
  redis.disconnect()
  process.send?.(sentAt)
}

const [url, stream, ...figures] = process.argv.slice(2)
const [rate, seconds, keep] = figures.map(Number)
await write(url as string, stream as string, rate as number, seconds as number, keep as number)
