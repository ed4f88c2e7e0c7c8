import { type RawBuilder, sql } from "kysely"
import type { Operator } from "../../domain/filter-language.ts"
import { RUNNING_STATUSES } from "../../domain/run.ts"
import { RUN_MEASURES } from "../../domain/run-measures.ts"

export const COST = sql.ref("runs.total_cost_usd")

/** What completed turns say that they cost, in US dollars: summed over events of type `llm.turn.completed`, null without any. */
export const COST_OF_TURNS = sql`sum(case when data_json #>> '{cost,amount_micros}' ~ '^[0-9]{1,15}$'
  then (data_json #>> '{cost,amount_micros}')::numeric / 1000000 end)`

/** Of a run that is still running, the time since it began. */
const duration = sql`coalesce(runs.duration_ms, case when runs.status in (${sql.join(RUNNING_STATUSES)})
  then extract(epoch from now() - runs.created_at) * 1000 end)`

/** In and out; numeric, since two of type bigint may add up to more than one. */
export const TOKENS = sql<string | null>`coalesce(runs.total_input_tokens::numeric + runs.total_output_tokens,
  runs.total_input_tokens, runs.total_output_tokens)`

/** Returns the condition for a typed amount, which was checked, and the operator before it. */
const compared =
  (measured: RawBuilder<unknown>, { read }: (typeof RUN_MEASURES)[keyof typeof RUN_MEASURES]) =>
  (typed: string, operator: Operator) =>
    sql<boolean>`${measured} ${sql.raw(operator)} ${read(typed)}::numeric`

/** Conditions on what a run cost, how long it took, and its tokens. */
export const isCost = compared(COST, RUN_MEASURES.cost)
export const isDuration = compared(duration, RUN_MEASURES.duration)
export const isTokens = compared(TOKENS, RUN_MEASURES.tokens)
