import { chanceOf } from "../random.ts"

const MINUTE_MS = 60_000
const BURST_WINDOW_MS = 12_000
/** What the bursts multiply the rate by on average, so that the rate asked for is the one that comes. */
const MEAN_LOAD = 1.074

/** What ails the platform for a while. */
export interface Incident {
  /** Whether such requests fail and slow down. */
  readonly affects: (method: string, path: string) => boolean
  /** What they fail with. */
  readonly statuses: readonly number[]
  /** The share of them that fails, 0 to 1. */
  readonly share: number
  /** What durations are multiplied by. */
  readonly slowdown: number
}

const under = (prefix: string) => (_: string, path: string) => path.startsWith(prefix)

const INCIDENTS: readonly Incident[] = [
  { affects: under("/v1/runs"), statuses: [503], share: 0.35, slowdown: 6 },
  { affects: under("/v1/threads"), statuses: [500], share: 0.18, slowdown: 3 },
  { affects: under("/v1/auth"), statuses: [502], share: 0.5, slowdown: 2 },
  { affects: under("/v1/"), statuses: [504], share: 0.08, slowdown: 9 },
]

/** The share of requests that are scanners' outside raids. */
export const QUIET_SCANNER_SHARE = 0.012

/** Requests a second at `ms` when `base` are wanted on average: a slow wave, ripples, and a burst now and then. */
export function rateAt(ms: number, base: number, seed: number): number {
  const wave = 1 + 0.3 * Math.sin(ms / 95_000) + 0.1 * Math.sin(ms / 7_300)
  return (base * wave * burstAt(ms, seed)) / MEAN_LOAD
}

/** One window in ten opens with a burst of about four times the load, which dies down within the window. */
function burstAt(ms: number, seed: number): number {
  const window = Math.floor(ms / BURST_WINDOW_MS)
  if (chanceOf(window, seed) >= 0.1) return 1
  const height = 2.5 + chanceOf(window, seed + 1)
  return 1 + height * Math.exp((-4 * (ms - window * BURST_WINDOW_MS)) / BURST_WINDOW_MS)
}

/** One minute in eight has an incident. */
export function incidentAt(ms: number, seed: number): Incident | undefined {
  const minute = Math.floor(ms / MINUTE_MS)
  if (chanceOf(minute, seed + 2) >= 1 / 8) return undefined
  return INCIDENTS[Math.floor(chanceOf(minute, seed + 3) * INCIDENTS.length)]
}

/** The share of requests that are scanners': little by little at all times, a raid in one minute of seven. */
export function scannerShareAt(ms: number, seed: number): number {
  return chanceOf(Math.floor(ms / MINUTE_MS), seed + 4) < 1 / 7 ? 0.12 : QUIET_SCANNER_SHARE
}
