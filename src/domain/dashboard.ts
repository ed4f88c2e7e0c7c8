import { z } from "zod"
import { decimal } from "./decimal.ts"

/** The eight figures (contract, sections 2 and 3). */
export const dashboard = z.object({
  total_users: z.bigint(),
  /** Of those, who signed in within 30 days; 0 on platforms that do not record it. */
  active_users_30d: z.bigint(),
  total_runs: z.bigint(),
  /** Since 00:00 UTC. */
  runs_today: z.bigint(),
  total_input_tokens: z.bigint(),
  total_output_tokens: z.bigint(),
  total_cost_usd: decimal,
  active_orgs: z.bigint(),
})

/** Said for the users who signed in, where `Sums.recorded` is 0. */
export const NOT_RECORDED = "not recorded by this platform"

/** The figures as people read them. */
export const readableDashboard = dashboard.extend({
  active_users_30d: z.union([dashboard.shape.active_users_30d, z.literal(NOT_RECORDED)]),
})
export type Dashboard = z.infer<typeof dashboard>

/** What the figures are read from, a table each. */
export const PARTS = ["users", "orgs", "runs", "usage"] as const
export type Part = (typeof PARTS)[number]

/** What is added up over rows; 0 for what a part does not have. */
const sums = z.object({
  /** Rows. */
  count: z.bigint(),
  /** Users who signed in within 30 days, and those of whom any sign-in is recorded. */
  active: z.bigint(),
  recorded: z.bigint(),
  /** Tokens. */
  input: z.bigint(),
  output: z.bigint(),
  /** In 10^-8 US dollars, the least that numeric(18,8) can hold. */
  cost: z.bigint(),
})
export type Sums = z.infer<typeof sums>

export const NOTHING: Sums = { count: 0n, active: 0n, recorded: 0n, input: 0n, output: 0n, cost: 0n }

/** The rows of one day (UTC, `2026-11-22`) that have something in common: a run's status, a usage record's model. */
const daySums = sums.extend({ day: z.string(), key: z.string() })
export type DaySums = z.infer<typeof daySums>

/** How many days are kept apart, today included. */
export const DAYS = 14

/** Where the rows that were counted end, and newer ones begin. */
export const mark = z.object({
  /** Their time is before it. */
  time: z.string(),
  /** How newer rows are found where no index finds them by their time: null where one does. */
  growth: z
    .object({
      /** The table's last block then: newer rows are looked for from there on. */
      block: z.string(),
      /** How many rows had ever been inserted, as far as PostgreSQL's statistics knew: bigint as text. */
      inserted: z.string(),
    })
    .nullable(),
})
export type Mark = z.infer<typeof mark>

/** The rows added since a mark, by day. */
export const newer = z.object({
  days: z.array(daySums),
  /** How many more were added and not found, as far as PostgreSQL's statistics know. */
  missing: z.bigint(),
})

/** All rows before a mark: their sums, and those of the last days by day. */
export const count = z.object({ mark, totals: sums, days: z.array(daySums) })
export type Count = z.infer<typeof count>

/** The sums over `all`. */
export const addUp = (all: Iterable<Sums>): Sums => {
  const total = { ...NOTHING }
  for (const one of all) for (const name of MEASURES) total[name] += one[name]
  return total
}

const MEASURES = Object.keys(NOTHING) as (keyof Sums)[]
