import { type Finding, ok, warning } from "../../domain/check.ts"

const PINGS = 5
/** Latency that slows every screen noticeably. */
const SLOW_MS = 100

/** Measures the latency of the server at `address`: the median of a few consecutive pings. */
export async function latency(address: string, ping: () => Promise<number>): Promise<Finding> {
  const times: number[] = []
  while (times.length < PINGS) times.push(await ping())
  const median = times.sort((a, b) => a - b)[PINGS >> 1] as number
  const says = `${address} answers in ${median.toFixed(median < 10 ? 1 : 0)} ms`
  return median < SLOW_MS ? ok(says) : warning(says, "run opsdeck on a host closer to it")
}

const SKEW_MS = 2_000

/** Compares this host's clock with the server's, which `read` returns in milliseconds since the epoch. */
export async function clockSkew(read: () => Promise<number>): Promise<Finding> {
  const asked = Date.now()
  const there = await read()
  const skew = (asked + Date.now()) / 2 - there
  const says = `this host is ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew < 0 ? "behind" : "ahead"}`
  return Math.abs(skew) <= SKEW_MS
    ? ok(says)
    : warning(says, "synchronize the clocks by NTP: displayed times and ages are wrong")
}

/** Parses the first two numbers of a version: "15.4 (Debian)" is [15, 4]. */
export const versionOf = (text: string): [major: number, minor: number] => {
  const [major = 0, minor = 0] = text.split(/\D+/, 2).map(Number)
  return [major, minor]
}
