import { z } from "zod"

/** What is counted over the last hours: today's failed runs by class of error, and new users by hour. */
export const RECENT = ["failures", "new users"] as const
export type Recent = (typeof RECENT)[number]

/** Counts by key since some moment. Those of what ended long ago enough change no more. */
export const recentCounts = z.object({
  /** What is older than this is settled. */
  settledAt: z.string(),
  counts: z.array(z.object({ key: z.string(), settled: z.bigint(), fresh: z.bigint() })),
})

const HOUR_MS = 3_600_000
/** Hours that are looked at, this one included, and those before them that tell what is usual. */
const HOURS = { looked: 24, usual: 7 * 24 }
/** An hour with fewer new users is no flood, however few there are otherwise. */
const LEAST = 30
const TIMES = 3
/** Part of the hours before that had at most what is usual: a burst among them makes no other one usual. */
const USUALLY = 0.95

/** A flood of new accounts. */
export interface Flood {
  /** New users of each hour that is looked at, this one last. */
  readonly hours: readonly number[]
  /** The hour with most of them, by its beginning in ms since the epoch. */
  readonly peak: { readonly at: number; readonly count: number }
  /** As many as an hour usually has at most. */
  readonly usual: number
}

/** Beginning of the hours that `floodOf` needs, in ms since the epoch. */
export const hoursFrom = (now: number): number => hourOf(now) - (HOURS.looked + HOURS.usual - 1) * HOUR_MS

const hourOf = (ms: number) => Math.floor(ms / HOUR_MS) * HOUR_MS

/**
 * Returns the flood of new accounts within the last 24 hours, undefined where there is none. A flood is an hour with at least
 * 30 new users and with more than three times as many as the busier hours of the week before have: as 19 of its 20 hours
 * stay below. So neither the busy hours of each day nor a few accounts on a new platform are one. `counts` has new users by
 * the beginning of their hour, in ms since the epoch.
 */
export function floodOf(counts: ReadonlyMap<number, number>, now: number): Flood | undefined {
  const first = hoursFrom(now)
  const all = Array.from({ length: HOURS.usual + HOURS.looked }, (_, hour) => counts.get(first + hour * HOUR_MS) ?? 0)
  const before = all.slice(0, HOURS.usual).sort((a, b) => a - b)
  const usual = before[Math.ceil(before.length * USUALLY) - 1] ?? 0
  const hours = all.slice(HOURS.usual)
  const count = Math.max(...hours)
  if (count < LEAST || count <= TIMES * usual) return undefined
  return { hours, peak: { at: first + (HOURS.usual + hours.indexOf(count)) * HOUR_MS, count }, usual }
}
