import { Redis } from "ioredis"
import { followStream } from "../src/adapters/redis/follow.ts"
import { startRedisServer } from "../src/demo/redis-server.ts"
import type { StreamEntry } from "../src/domain/stream-entry.ts"
import { against, type BenchRow, renderRows } from "./report.ts"

const ENTRIES = 200_000
const KEY = "bench:access_log"
const USED_FIELDS = ["method", "path", "status", "duration_ms", "client_ip"]

/** Reads 200 000 entries of 15 fields: in a bare ioredis loop, by followStream, by followStream looking at 5 fields. */
export async function readStreamBench(): Promise<BenchRow[]> {
  const server = await startRedisServer()
  try {
    await fill(server.url)
    const bare = await perSecond(() => readBare(server.url))
    const alone = await perSecond(() => readFollowing(server.url, () => {}))
    const used = await perSecond(() =>
      readFollowing(server.url, entry => {
        for (const name of USED_FIELDS) entry.get(name)
      }),
    )
    const unit = "entries/s"
    return [
      { name: "bare ioredis XREAD COUNT 1000", value: bare, unit },
      against(bare, { name: "followStream", value: alone, unit, target: ">= 4x" }),
      against(bare, { name: "followStream, 5 fields looked at", value: used, unit, target: ">= 1.5x" }),
    ]
  } finally {
    await server.stop()
  }
}

/** The better of two runs: the first one warms the machine up. */
async function perSecond(read: () => Promise<number>): Promise<number> {
  let best = 0
  for (let run = 0; run < 2; run++) {
    const started = performance.now()
    const seen = await read()
    if (seen !== ENTRIES) throw new Error(`${seen} of ${ENTRIES} entries were read`)
    best = Math.max(best, (seen / (performance.now() - started)) * 1_000)
  }
  return best
}

async function readBare(url: string): Promise<number> {
  const redis = new Redis(url)
  let seen = 0
  for (let after = "0-0"; ; ) {
    const entries = (await redis.xread("COUNT", 1_000, "STREAMS", KEY, after))?.[0]?.[1] ?? []
    const last = entries.at(-1)
    if (last === undefined) break
    seen += entries.length
    after = last[0]
  }
  redis.disconnect()
  return seen
}

async function readFollowing(url: string, look: (entry: StreamEntry) => void): Promise<number> {
  let seen = 0
  for await (const event of followStream({ url }, KEY, { from: "0-0" }, new AbortController().signal)) {
    if (event.kind !== "entries") continue
    for (const entry of event.entries) look(entry)
    seen += event.entries.length
    if (seen === ENTRIES) break
  }
  return seen
}

async function fill(url: string): Promise<void> {
  const redis = new Redis(url)
  for (let from = 0; from < ENTRIES; from += 1_000) {
    const pipeline = redis.pipeline()
    for (let i = from; i < from + 1_000; i++) pipeline.xadd(KEY, "*", ...fieldsOf(i))
    await pipeline.exec()
  }
  redis.disconnect()
}

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, "0")
const uuid = (n: number) => `8f2c${hex(n % 9_973, 4)}-4b1d-4c6e-9a57-${hex(n, 12)}`

/** A request in the gateway's fields (contract, section 4), with lengths as in the field. */
function fieldsOf(i: number): string[] {
  return Object.entries({
    ts: new Date(1_700_000_000_000 + i * 1_000).toISOString(),
    trace_id: hex(i, 32),
    method: i % 3 === 0 ? "POST" : "GET",
    path: `/v1/threads/${uuid(i)}/runs`,
    status: String([200, 200, 200, 201, 404, 503][i % 6]),
    duration_ms: String(i % 2_000),
    client_ip: `203.0.${i % 256}.${(i >> 8) % 256}`,
    country: "DE",
    city: "Frankfurt am Main",
    user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    ua_type: "human",
    risk_score: String(i % 101),
    identity_type: "jwt",
    org_id: uuid(i % 97),
    user_id: uuid(i % 1_009),
  }).flat()
}

if (import.meta.main) console.log(renderRows(await readStreamBench()))
