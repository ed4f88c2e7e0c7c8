import { Redis } from "ioredis"
import { startRedisServer } from "../src/demo/redis-server.ts"
import { median } from "./measures.ts"
import type { BenchRow } from "./report.ts"
import { BenchWorker } from "./tail-worker.ts"

const KEY = "bench:access_log"
const HELD = 200_000
const ROUNDS = 5
const PAGE = { following: true, top: 0, rows: 45, bars: 140 } as const
/** A term of each kind, one that many requests pass and one that none does: then all that is held is looked at. */
const FILTERS = [
  ...["status:503", "path:/n/12", "ip:10.3.0.0/16", "risk>=0.5 dur>500", "chrome"],
  ...["status:599", "path:/none", "ip:192.0.2.0/24", "dur>100000", "nobody-has-this"],
]

/** Filters over the requests that a console holds, until its worker has the rows of a screen, or has looked at all where too few pass. */
export async function ringBench(): Promise<BenchRow[]> {
  const server = await startRedisServer()
  const redis = new Redis(server.url)
  let worker: BenchWorker | undefined
  try {
    await pour(redis)
    worker = new BenchWorker(server.url, KEY)
    worker.say({ type: "view", view: PAGE })
    await worker.until(({ held }) => held === HELD)
    const rows: BenchRow[] = []
    for (const text of FILTERS) {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        await shown(worker, "")
        times.push(await shown(worker, text))
      }
      rows.push({ name: `\`${text}\``, value: median(times), unit: "ms", target: { atMost: 60 } })
    }
    return rows
  } finally {
    await worker?.close()
    redis.disconnect()
    await server.stop()
  }
}

/** Sets a filter; answers in how many ms its rows fill a screen, or all is looked at. */
async function shown(worker: BenchWorker, text: string): Promise<number> {
  const started = performance.now()
  worker.say({ type: "filter", text, users: new Map(), stayAt: null })
  await worker.until(({ filter, rows, scanned }) => filter === text && (scanned === 1 || rows.length >= PAGE.rows))
  return performance.now() - started
}

/** Short enough for the console to hold them all, and of one millisecond: it reads all of the newest. */
async function pour(redis: Redis): Promise<void> {
  await redis.eval(POUR, 1, KEY, HELD, Date.now())
}

const POUR = `
  for n = 0, ARGV[1] - 1 do
    redis.call("XADD", KEYS[1], ARGV[2] .. "-" .. n + 1, "path", "/n/" .. n, "status", ({ 200, 200, 201, 404, 503 })[n % 5 + 1], "duration_ms", n * 7919 % 2000,
      "client_ip", "10." .. n % 256 .. ".0." .. n % 199, "risk_score", n % 101, "user_agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0",
      "method", "GET", "country", "DE", "identity_type", "jwt")
  end`
