// A process that writes numbered requests, as the gateway would: node writer-process.ts REDIS_URL STREAM KEEP
import { setTimeout as delay } from "node:timers/promises"
import { Redis } from "ioredis"
import { pourNumbered } from "../../../bench/requests.ts"
import { type RedisUrl, readRedisUrl } from "../../../src/config/redis-url.ts"

const TICK_MS = 5
const TELL_EVERY_MS = 50
/** What was due longer ago never happens, and neither does what could not be written, as with requests. */
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
/** Which of the nodes of a Cluster was asked last. */
let asked = 0
let redis = client()

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
  due -= count
  try {
    if (!isSure) written = Math.max(await numberInStream(), canFailOver ? written + underWay : 0)
    isSure = true
    await pour(count)
  } catch (error) {
    // What was under way is in the stream, or is not: it has to be asked.
    isSure = false
    if (isCluster) goElsewhere(error as Error)
  }
}
clearInterval(telling)
redis.disconnect()
process.send?.(written, () => process.exit())

async function pour(count: number): Promise<void> {
  underWay = redis.status === "ready" ? count : 0
  try {
    await pourNumbered(redis, stream, written, written + count, Number(keep))
    written += count
    underWay = 0
  } catch (error) {
    // A server that refuses a command has not begun with it.
    if ((error as Error).name === "ReplyError") underWay = 0
    throw error
  }
}

/** How many are written, as the newest entry's number tells. */
async function numberInStream(): Promise<number> {
  const [newest] = await redis.xrevrange(stream, "+", "-", "COUNT", 1)
  if (newest === undefined) return written
  const number = Number(newest[1][1]?.slice("/n/".length)) + 1
  if (number < written && !canFailOver)
    console.error(`the writer was told of ${written} entries, and the stream ends at ${number}`)
  return number
}

/** The gateway's client, which sends nothing twice; of a Cluster, to one node. */
function client(node = hosts[asked]): Redis {
  const opened = isCluster
    ? new Redis({ ...options, ...node, retryStrategy: null })
    : primary === undefined
      ? new Redis(url, options)
      : new Redis({ ...options, sentinels: [...hosts], name: primary, db: database, sentinelRetryStrategy: () => 50 })
  opened.on("error", () => {})
  return opened
}

/**
 * Goes to the node of a Cluster that has the stream, as the one that was asked says; from one that is gone to the next. (ioredis's own
 * Cluster believes any node that the stream is where it was, does not tell what it has sent, and may go on looking after its end.)
 */
function goElsewhere({ message }: Error): void {
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(message) ?? []
  if (port === undefined && redis.status !== "end") return
  redis.disconnect()
  asked = (asked + 1) % hosts.length
  redis = client(port === undefined ? hosts[asked] : { host: host as string, port: Number(port) })
}
