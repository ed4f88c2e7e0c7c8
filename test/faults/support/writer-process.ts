// A process that writes numbered requests, as the gateway would: node writer-process.ts REDIS_URL STREAM KEEP
import { setTimeout as delay } from "node:timers/promises"
import { Cluster, Redis } from "ioredis"
import { pourNumbered } from "../../../bench/requests.ts"
import { type RedisUrl, readRedisUrl } from "../../../src/config/redis-url.ts"

const TICK_MS = 5
const TELL_EVERY_MS = 50
/** After an outage it goes on at its rate, as requests would: what was due meanwhile never happened. */
const LATEST_MS = 100

const [url, stream, keep] = process.argv.slice(2) as [string, string, string]
const options = {
  connectionName: "gateway",
  retryStrategy: () => 50,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // It would wait for a server that is loading longer than that takes.
  enableReadyCheck: false,
}
const { hosts, primary, isCluster, database } = readRedisUrl(url) as RedisUrl
/** Whether another server may take over, which lacks what was not replicated: a number is not used twice then. */
const canFailOver = primary !== undefined || isCluster
const redis = client()
redis.on("error", () => {})

let rate = 0
let written = 0
let ending = false
process.on("message", (wanted: { rate: number } | "end") => {
  if (wanted === "end") ending = true
  else rate = wanted.rate
})
const telling = setInterval(() => process.send?.(written), TELL_EVERY_MS)

let due = 0
let last = performance.now()
let isSure = true
/** How many were sent, and not heard of. */
let underWay = 0
while (!ending) {
  await delay(TICK_MS)
  const now = performance.now()
  due += (Math.min(now - last, LATEST_MS) * rate) / 1_000
  last = now
  const count = Math.floor(due)
  try {
    if (!isSure) written = Math.max(await numberInStream(), canFailOver ? written + underWay : 0)
    isSure = true
    underWay = redis.status === "ready" ? count : 0
    await pourNumbered(redis as Redis, stream, written, written + count, Number(keep))
    underWay = 0
    written += count
    due -= count
  } catch {
    // What was under way is in the stream, or is not: it has to be asked.
    isSure = false
  }
}
clearInterval(telling)
redis.disconnect()
process.send?.(written, () => process.disconnect())

/** How many are written, as the newest entry's number tells. */
async function numberInStream(): Promise<number> {
  const [newest] = await redis.xrevrange(stream, "+", "-", "COUNT", 1)
  if (newest === undefined) return written
  const number = Number(newest[1][1]?.slice("/n/".length)) + 1
  if (number < written && !canFailOver)
    console.error(`the writer was told of ${written} entries, and the stream ends at ${number}`)
  return number
}

/** The gateway's client, which sends nothing twice. */
function client(): Redis | Cluster {
  if (!isCluster && primary === undefined) return new Redis(url, options)
  if (primary !== undefined) {
    return new Redis({
      ...options,
      sentinels: [...hosts],
      name: primary,
      db: database,
      sentinelRetryStrategy: () => 50,
    })
  }
  const never = { retryDelayOnFailover: 0, retryDelayOnClusterDown: 0, clusterRetryStrategy: () => 50 }
  return new Cluster([...hosts], { ...never, slotsRefreshInterval: 500, redisOptions: { maxRetriesPerRequest: 0 } })
}
