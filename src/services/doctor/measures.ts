import { type Finding, ok, warning } from "../../domain/check.ts"

const PINGS = 5
/** From here on every screen feels it. */
const SLOW_MS = 100

/** How long a server at `address` takes to answer: the median of a few pings, one after the other. */
export async function latency(address: string, ping: () => Promise<number>): Promise<Finding> {
  const times: number[] = []
  while (times.length < PINGS) times.push(await ping())
  const median = times.sort((a, b) => a - b)[PINGS >> 1] as number
  const says = `${address} answers in ${median.toFixed(median < 10 ? 1 : 0)} ms`
  return median < SLOW_MS ? ok(says) : warning(says, "run opsdeck on a host nearer to it")
}

const SKEW_MS = 2_000

/** How far this host's clock is from the server's; `read` tells that, in milliseconds since the epoch. */
export async function clockSkew(read: () => Promise<number>): Promise<Finding> {
  const asked = Date.now()
  const there = await read()
  const skew = (asked + Date.now()) / 2 - there
  const says = `this host is ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew < 0 ? "behind" : "ahead"}`
  return Math.abs(skew) <= SKEW_MS
    ? ok(says)
    : warning(says, "set the clocks by NTP: ages and times on screen are wrong")
}

/** A version as its first two numbers: "15.4 (Debian)" is [15, 4]. */
export const versionOf = (text: string): [major: number, minor: number] => {
  const [major = 0, minor = 0] = text.split(/\D+/, 2).map(Number)
  return [major, minor]
}
