import { chanceOf } from "../random.ts"

const MINUTE_MS = 60_000
const BURST_WINDOW_MS = 12_000
/** Mean factor of the bursts, divided out so that the requested rate is the average. */
const MEAN_LOAD = 1.074

/** A temporary incident of the platform. */
export interface Incident {
  /** Whether a request is affected. */
  readonly affects: (method: string, path: string, orgId: string) => boolean
  /** Statuses of failing requests. */
  readonly statuses: readonly number[]
  /** Share of affected requests that fail, 0 to 1. */
  readonly share: number
  /** Factor of durations. */
  readonly slowdown: number
}

const under = (prefix: string) => (_: string, path: string) => path.startsWith(prefix)

const INCIDENTS: readonly Incident[] = [
  { affects: under("/v1/runs"), statuses: [503], share: 0.35, slowdown: 6 },
  { affects: under("/v1/threads"), statuses: [500], share: 0.18, slowdown: 3 },
  { affects: under("/v1/auth"), statuses: [502], share: 0.5, slowdown: 2 },
  { affects: under("/v1/"), statuses: [504], share: 0.08, slowdown: 9 },
]

/** Share of scanners' requests outside raids. */
export const QUIET_SCANNER_SHARE = 0.012

/** Returns the requests per second at `ms` for an average of `base`: a slow wave, ripples, and a burst now and then. */
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

/** Returns the share of scanners' requests: a low level at all times, a raid in one minute of seven. */
export function scannerShareAt(ms: number, seed: number): number {
  return chanceOf(Math.floor(ms / MINUTE_MS), seed + 4) < 1 / 7 ? 0.12 : QUIET_SCANNER_SHARE
}
