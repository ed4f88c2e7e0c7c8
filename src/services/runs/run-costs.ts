import { type Kysely, sql } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { COST_OF_TURNS } from "./run-measures.ts"

/** What runs cost until now, in US dollars with four decimals. */
export interface RunCosts {
  readonly all: string
  of(run: string): string
}

/**
 * The costs of runs that may still be running. A run's own total is written at its end; before that the completed turns
 * say what they cost, in millionths, and records of usage may exist: the greatest of the three is the latest.
 */
export async function costsSoFar(db: Kysely<Tables>, runs: readonly string[]): Promise<RunCosts> {
  const { rows } = await sql<{ id: string | null; cost: string }>`
    select runs.id, to_char(sum(greatest(coalesce(total_cost_usd, 0), used, turned)), 'FM9999999990.0000') as cost
    from runs, lateral (
      select coalesce(sum(cost_usd), 0) as used from usage_records where usage_records.run_id = runs.id
    ) as usage, lateral (
      select coalesce(${COST_OF_TURNS}, 0) as turned
      from run_events where run_events.run_id = runs.id and type = 'llm.turn.completed'
    ) as turns
    where runs.id = ${anyOf(runs)}
    group by grouping sets ((runs.id), ())`.execute(db)
  const costs = new Map(rows.map(({ id, cost }) => [id, cost]))
  return { all: costs.get(null) ?? "0.0000", of: run => costs.get(run) ?? "0.0000" }
}
