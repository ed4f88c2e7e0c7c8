// A process that writes numbered requests, as the gateway would: node writer.ts REDIS_URL STREAM,... RATE SECONDS KEEP
import { setTimeout as delay } from "node:timers/promises"
import { Redis } from "ioredis"
import { pourNumbered } from "./requests.ts"

const TICK_MS = 5

/** Tells its parent at the end when each number was sent, in ms since the epoch. */
async function write(
  url: string,
  streams: readonly string[],
  rate: number,
  seconds: number,
  keep: number,
): Promise<void> {
  const redis = new Redis(url)
  const sentAt: number[] = []
  const started = Date.now()
  while (sentAt.length < rate * seconds) {
    await delay(TICK_MS)
    const now = Date.now()
    const due = Math.min(rate * seconds, Math.floor(((now - started) * rate) / 1_000))
    const from = sentAt.length
    while (sentAt.length < due) sentAt.push(now)
    const part = (due - from) / streams.length
    const parts = streams.map((stream, i) => ({
      stream,
      from: Math.round(from + i * part),
      to: Math.round(from + (i + 1) * part),
    }))
    await Promise.all(parts.map(({ stream, from, to }) => pourNumbered(redis, stream, from, to, keep)))
  }
  redis.disconnect()
  process.send?.(sentAt)
}

const [url, streams, ...figures] = process.argv.slice(2)
const [rate, seconds, keep] = figures.map(Number)
await write(url as string, (streams as string).split(","), rate as number, seconds as number, keep as number)
