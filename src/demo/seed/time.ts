import type { Random } from "../random.ts"

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** Returns the later of two timestamps: nothing is older than its owner. */
export const later = (a: string, b: string) => (a > b ? a : b)

/** Formats `ms` since the epoch as PostgreSQL does: RFC 3339 with microseconds, which real data has. */
export function timestamp(ms: number, random: Random): string {
  const micros = String(random.between(0, 999)).padStart(3, "0")
  return new Date(ms).toISOString().replace("Z", `${micros}Z`)
}
