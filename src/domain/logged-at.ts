import type { StreamEntry } from "./stream-entry.ts"

const RFC_3339 = /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i

/** The time in the entry's `ts`, by the gateway's clock, in whole seconds as ms since the epoch; undefined without one. */
export function loggedAt(entry: StreamEntry): number | undefined {
  const ts = entry.get("ts") ?? ""
  const logged = RFC_3339.test(ts) ? Date.parse(ts) : Number.NaN
  return Number.isNaN(logged) ? undefined : Math.floor(logged / 1000) * 1000
}
