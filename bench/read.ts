import { Redis } from "ioredis"
import { followStream } from "../src/adapters/redis/follow.ts"
import { startRedisServer } from "../src/demo/redis-server.ts"
import { goAccessOf } from "./goaccess.ts"
import { median } from "./measures.ts"
import { against, type BenchRow } from "./report.ts"
import { appendRequests } from "./requests.ts"
import { BenchWorker } from "./tail-worker.ts"

const ENTRIES = 200_000
const KEY = "bench:access_log"
const ROUNDS = 5
/** Looks at two fields and lets everything pass, so that all of it is counted. */
const FILTER = "risk>=0 -path:/admin"
const MOVERS = { minutes: 5, sort: "rate", rows: 10 } as const

/**
 * Reads 200 000 entries of 15 fields in turn with a bare ioredis loop, with followStream alone, with the console's own worker
 * (followed, filtered, counted by every dimension, kept in the ring, and told in snapshots), and the same requests as lines of a
 * file with GoAccess, where it is installed.
 */
export async function readBench(): Promise<BenchRow[]> {
  const server = await startRedisServer()
  let goAccess: Awaited<ReturnType<typeof goAccessOf>>
  try {
    goAccess = await goAccessOf(ENTRIES)
    await fill(server.url)
    const rates = { bare: [] as number[], following: [] as number[], console: [] as number[], goAccess: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      rates.bare.push(await perSecond(() => readBare(server.url)))
      rates.following.push(await perSecond(() => readFollowing(server.url)))
      rates.console.push(await perSecond(() => readInConsole(server.url)))
      if (goAccess) rates.goAccess.push((ENTRIES / (await goAccess.readMs())) * 1_000)
    }
    const [bare, following] = [median(rates.bare), median(rates.following)]
    const unit = "entries/s"
    const beside = (reference: number, what: string, atLeast: number) =>
      against(reference, {
        name: `the console's worker (beside ${what})`,
        value: median(rates.console),
        unit,
        target: { atLeast },
      })
    return [
      { name: "bare ioredis XREAD COUNT 1000", value: bare, unit },
      against(bare, { name: "followStream", value: following, unit }),
      beside(bare, "the bare ioredis loop", 2.5),
      beside(following, "followStream alone", 0.6),
      ...(goAccess ? [beside(median(rates.goAccess), "GoAccess on the same lines", 1.5)] : []),
    ]
  } finally {
    await goAccess?.end()
    await server.stop()
  }
}

/** `read` answers how many entries it read and in how many ms. */
async function perSecond(read: () => Promise<{ seen: number; ms: number }>): Promise<number> {
  const { seen, ms } = await read()
  if (seen !== ENTRIES) throw new Error(`${seen} of ${ENTRIES} entries were read`)
  return (seen / ms) * 1_000
}

async function readBare(url: string) {
  const redis = new Redis(url)
  await redis.ping()
  const started = performance.now()
  let seen = 0
  for (let after = "0-0"; ; ) {
    const entries = (await redis.xread("COUNT", 1_000, "STREAMS", KEY, after))?.[0]?.[1] ?? []
    const last = entries.at(-1)
    if (last === undefined) break
    seen += entries.length
    after = last[0]
  }
  const ms = performance.now() - started
  redis.disconnect()
  return { seen, ms }
}

async function readFollowing(url: string) {
  let started = 0
  let seen = 0
  for await (const event of followStream({ url }, KEY, { from: "0-0" }, new AbortController().signal)) {
    if (event.kind === "connected") started = performance.now()
    if (event.kind !== "entries") continue
    seen += event.entries.length
    if (seen === ENTRIES) break
  }
  return { seen, ms: performance.now() - started }
}

/** From the thread's first word, before it has connected, to the snapshot in which everything is counted. */
async function readInConsole(url: string) {
  const worker = new BenchWorker(url, KEY)
  try {
    worker.say({ type: "movers", watch: MOVERS })
    worker.say({ type: "filter", text: FILTER, users: new Map(), stayAt: null })
    await worker.until(() => true)
    const started = performance.now()
    await worker.until(({ seen }) => seen >= ENTRIES)
    return { seen: ENTRIES, ms: performance.now() - started }
  } finally {
    await worker.close()
  }
}

/** The console reads a minute back, by the newest id, and as many as it can show: all of one millisecond are read. */
async function fill(url: string): Promise<void> {
  const redis = new Redis(url)
  await appendRequests(redis, KEY, 0, ENTRIES, Date.now())
  redis.disconnect()
}
