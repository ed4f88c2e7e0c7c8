import type { Redis } from "ioredis"

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, "0")
const uuid = (n: number) => `8f2c${hex(n % 9_973, 4)}-4b1d-4c6e-9a57-${hex(n, 12)}`

/** Request number `n` in the gateway's 15 fields (contract, section 4), with lengths as in the field. */
export function requestFields(n: number, path = `/v1/threads/${uuid(n)}/runs`): Record<string, string> {
  return {
    ts: new Date(1_700_000_000_000 + n * 1_000).toISOString(),
    trace_id: hex(n, 32),
    method: n % 3 === 0 ? "POST" : "GET",
    path: n % 10 === 9 ? "/healthz" : path,
    status: String([200, 200, 200, 201, 404, 503][n % 6]),
    duration_ms: String((n * 7_919) % 2_000),
    client_ip: `203.0.${n % 256}.${(n >> 8) % 256}`,
    country: n % 5 === 0 ? "CN" : "DE",
    city: "Frankfurt am Main",
    user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    ua_type: "human",
    risk_score: String(n % 101),
    identity_type: "jwt",
    org_id: uuid(n % 97),
    user_id: uuid(n % 1_009),
  }
}

/**
 * Appends requests `from` to `to` (exclusive) whose paths are `/n/<number>`, each from the next of a million addresses, by a
 * script on the server: faster than anybody reads. About `keep` entries stay in the stream.
 */
export async function pourNumbered(redis: Redis, key: string, from: number, to: number, keep: number): Promise<void> {
  for (let first = from; first < to; first += 1_000) {
    const alike = Object.entries(requestFields(first)).filter(([name]) => !POURED.has(name))
    await redis.eval(POUR, 1, key, first, Math.min(to, first + 1_000), keep, ...alike.flat())
  }
}

/** What the script writes itself, since it differs from one to the next. */
const POURED = new Set(["path", "status", "duration_ms", "client_ip", "user_id"])

const POUR = `
  local from, to, keep = ARGV[1], ARGV[2], ARGV[3]
  local statuses = { 200, 200, 200, 201, 404, 503 }
  local floor, format = math.floor, string.format
  for n = from, to - 1 do
    redis.call("XADD", KEYS[1], "MAXLEN", "~", keep, "*",
      "path", format("/n/%d", n),
      "status", statuses[n % 6 + 1],
      "duration_ms", n * 7919 % 2000,
      "client_ip", format("10.%d.%d.%d", floor(n / 65536) % 16, floor(n / 256) % 256, n % 256),
      "user_id", format("8f2c%04x-4b1d-4c6e-9a57-%012x", n % 1009, n % 1009),
      unpack(ARGV, 4))
  end`

/** Appends requests `from` to `to` (exclusive), with ids of Redis or of one millisecond, and drops none. */
export async function appendRequests(redis: Redis, key: string, from: number, to: number, ms?: number): Promise<void> {
  await append(redis, from, to, n => [key, ms === undefined ? "*" : `${ms}-${n + 1}`, ...flat(requestFields(n))])
}

const PIPELINE = 500

type XaddArguments = [key: string, ...rest: (string | number)[]]

async function append(redis: Redis, from: number, to: number, argumentsOf: (n: number) => XaddArguments) {
  for (let first = from; first < to; first += PIPELINE) {
    const pipeline = redis.pipeline()
    for (let n = first; n < Math.min(to, first + PIPELINE); n++) pipeline.xadd(...argumentsOf(n))
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
  }
}

const flat = (fields: Record<string, string>) => Object.entries(fields).flat()
