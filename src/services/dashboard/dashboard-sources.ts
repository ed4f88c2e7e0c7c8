import { type Kysely, type RawBuilder, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { type DaySums, NOTHING, type Part, type Sums } from "../../domain/dashboard.ts"

/** One table of the dashboard: the condition of its rows, its sums, and the time when a row was added. */
export interface Source {
  readonly table: keyof Tables
  readonly time: "created_at" | "recorded_at"
  readonly counted: RawBuilder<boolean>
  readonly measures: Readonly<Partial<Record<keyof Sums, RawBuilder<unknown>>>>
  /** Groups the rows of one day. */
  readonly key: RawBuilder<string>
  /** Rows from this moment on may still change: where an index finds them, they are read with the newer ones. */
  readonly changesSince: RawBuilder<string>
}

/** 00:00 UTC: the session's time zone is UTC. */
export const TODAY = sql<string>`date_trunc('day', now())`

const alive = sql<boolean>`deleted_at is null`
const rows = sql`count(*)`
/** For rows with a single group that do not change. */
const plain = { key: sql<string>`''::text`, changesSince: sql<string>`'infinity'::timestamptz` }

/** Definitions of the figures (contract, section 3). */
export const SOURCES: Readonly<Record<Part, Source>> = {
  users: {
    ...plain,
    table: "users",
    time: "created_at",
    counted: alive,
    measures: {
      count: rows,
      active: sql`count(*) filter (where last_login_at >= now() - interval '30 days')`,
      recorded: sql`count(last_login_at)`,
    },
  },
  orgs: {
    ...plain,
    table: "orgs",
    time: "created_at",
    counted: sql`${alive} and status = 'active'`,
    measures: { count: rows },
  },
  runs: {
    table: "runs",
    time: "created_at",
    counted: alive,
    measures: { count: rows },
    key: sql`status`,
    changesSince: TODAY,
  },
  usage: {
    ...plain,
    table: "usage_records",
    time: "recorded_at",
    counted: sql`true`,
    measures: {
      count: rows,
      input: sql`sum(input_tokens)`,
      output: sql`sum(output_tokens)`,
      cost: sql`trunc(sum(cost_usd) * 1e8)`,
    },
    key: sql`model`,
  },
}

/** Returns the sums over the rows of `source` that satisfy `condition`. */
export async function totalsOf(db: Kysely<Tables>, source: Source, condition = sql<boolean>`true`): Promise<Sums> {
  const { rows } = await sql<Numbers>`select ${columns(source)} from ${sql.table(source.table)}
    where ${source.counted} and ${condition}`.execute(db)
  return sumsOf(rows[0] as Numbers)
}

/** Returns the sums for each day and key. */
export async function daysOf(db: Kysely<Tables>, source: Source, condition: RawBuilder<boolean>): Promise<DaySums[]> {
  const day = sql`${sql.ref(source.time)}::date`
  const { rows } = await sql<Numbers & Pick<DaySums, "day" | "key">>`
    select ${day}::text as day, ${source.key} as key, ${columns(source)} from ${sql.table(source.table)}
    where ${source.counted} and ${condition} group by ${day}, ${source.key}`.execute(db)
  return rows.map(({ day, key, ...numbers }) => ({ day, key, ...sumsOf(numbers) }))
}

/** As PostgreSQL's text, so that no digit is lost; null where there is no row. */
type Numbers = Partial<Record<keyof Sums, string | null>>

const columns = ({ measures }: Source) =>
  sql.join(Object.entries(measures).map(([name, sum]) => sql`(${sum})::text as ${sql.ref(name)}`))

const sumsOf = (numbers: Numbers): Sums => ({
  ...NOTHING,
  ...Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, BigInt(text ?? 0)])),
})
