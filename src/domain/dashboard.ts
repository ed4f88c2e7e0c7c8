import { z } from "zod"
import { decimal } from "./decimal.ts"

/** The eight figures (contract, sections 2 and 3). */
export const dashboard = z.object({
  total_users: z.bigint(),
  /** Users who signed in within 30 days; 0 on platforms that do not record it. */
  active_users_30d: z.bigint(),
  total_runs: z.bigint(),
  /** Since 00:00 UTC. */
  runs_today: z.bigint(),
  total_input_tokens: z.bigint(),
  total_output_tokens: z.bigint(),
  total_cost_usd: decimal,
  active_orgs: z.bigint(),
})

/** Shown instead of the active users where `Sums.recorded` is 0. */
export const NOT_RECORDED = "not recorded by this platform"

/** The figures formatted for people. */
export const readableDashboard = dashboard.extend({
  active_users_30d: z.union([dashboard.shape.active_users_30d, z.literal(NOT_RECORDED)]),
})
export type Dashboard = z.infer<typeof dashboard>

/** Parts of the dashboard, one table each. */
export const PARTS = ["users", "orgs", "runs", "usage"] as const
export type Part = (typeof PARTS)[number]

/** Sums over rows; 0 for what a part does not have. */
const sums = z.object({
  /** Rows. */
  count: z.bigint(),
  /** Users who signed in within 30 days, and those with any recorded sign-in. */
  active: z.bigint(),
  recorded: z.bigint(),
  /** Tokens. */
  input: z.bigint(),
  output: z.bigint(),
  /** In 10^-8 US dollars, the smallest unit of numeric(18,8). */
  cost: z.bigint(),
})
export type Sums = z.infer<typeof sums>

export const NOTHING: Sums = { count: 0n, active: 0n, recorded: 0n, input: 0n, output: 0n, cost: 0n }

/** Sums of the rows of one day (UTC, `2026-11-22`) and one key: a run's status, a usage record's model. */
const daySums = sums.extend({ day: z.string(), key: z.string() })
export type DaySums = z.infer<typeof daySums>

/** Number of days counted separately, today included. */
export const DAYS = 14

/** Boundary between the counted rows and newer ones. */
export const mark = z.object({
  /** Counted rows have an earlier time. */
  time: z.string(),
  /** How newer rows are found without an index on their time: null where there is one. */
  growth: z
    .object({
      /** The table's last block at the time: newer rows are looked for from there on. */
      block: z.string(),
      /** Number of rows ever inserted, by PostgreSQL's statistics: bigint as text. Null where a standby was read. */
      inserted: z.string().nullable(),
    })
    .nullable(),
})
export type Mark = z.infer<typeof mark>

/** Rows added since a mark, by day. */
export const newer = z.object({
  days: z.array(daySums),
  /** Number of further rows added but not found, by PostgreSQL's statistics. */
  missing: z.bigint(),
})

/** All rows before a mark: their sums, and those of the last days by day. */
export const count = z.object({ mark, totals: sums, days: z.array(daySums) })
export type Count = z.infer<typeof count>

/** Adds up `all`. */
export const addUp = (all: Iterable<Sums>): Sums => {
  const total = { ...NOTHING }
  for (const one of all) for (const name of MEASURES) total[name] += one[name]
  return total
}

const MEASURES = Object.keys(NOTHING) as (keyof Sums)[]

const DAY_MS = 86_400_000

/** Returns the UTC day `ago` days before an instant, in ms since the epoch: `2026-11-22`. */
export const dayBefore = (ms: number, ago: number) => new Date(ms - ago * DAY_MS).toISOString().slice(0, 10)

/** Returns the sums of each of the last days, today last, including days without rows. */
export function byDay(days: readonly DaySums[], now: number): Sums[] {
  const groups = Map.groupBy(days, ({ day }) => day)
  return Array.from({ length: DAYS }, (_, i) => addUp(groups.get(dayBefore(now, DAYS - 1 - i)) ?? []))
}

/** Returns the sums of each key over the last `length` days including today. */
export function byKey(days: readonly DaySums[], now: number, length: number): Map<string, Sums> {
  const first = dayBefore(now, length - 1)
  const groups = Map.groupBy(
    days.filter(({ day }) => day >= first),
    ({ key }) => key,
  )
  return new Map([...groups].map(([key, all]) => [key, addUp(all)]))
}
