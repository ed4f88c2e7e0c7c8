import { type RawBuilder, sql } from "kysely"

const HELD = sql`data_json -> 'error_class'`

/** Class of the error that a failed run ended with: that of its newest `run.failed`, in the column or in its data; null for others. */
export const ERROR_CLASS: RawBuilder<string | null> = sql`(case when runs.status = 'failed' then (
  select coalesce(nullif(run_events.error_class, ''), case when jsonb_typeof(${HELD}) = 'string' then nullif(${HELD} #>> '{}', '') end)
  from run_events where run_events.run_id = runs.id and run_events.type = 'run.failed' order by run_events.seq desc limit 1) end)`

/**
 * Condition: the run failed with this class of error. One with a point in it is whole, `provider.rate_limited`; any other is
 * how one of the parts begins: `rate_limit`, `provider`.
 */
export const failedWith = (typed: string): RawBuilder<boolean> =>
  sql`(runs.status = 'failed' and ${
    typed.includes(".")
      ? sql`${ERROR_CLASS} = ${typed}`
      : sql`exists (select from unnest(string_to_array(${ERROR_CLASS}, '.')) as part where left(part, length(${typed})) = ${typed})`
  })`
