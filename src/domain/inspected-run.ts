import { z } from "zod"
import { decimal } from "./decimal.ts"
import { run, runRow } from "./run.ts"
import { declaredOf } from "./schema.ts"
import { spanOf } from "./span.ts"

const { created_at, completed_at, failed_at, created_by_user_id, ...route } = run.shape
const { run_id, org_id, thread_id, ...routed } = route

/** A run with all that it used (contract, section 8). Tokens are sums over its records of usage, null without any. */
const usedRun = z.object({
  ...{ run_id, org_id, thread_id },
  ...routed,
  cache_creation_tokens: z.bigint().nullable(),
  cache_read_tokens: z.bigint().nullable(),
  cached_tokens: z.bigint().nullable(),
  /** Share of the input that came from a cache, 0 to 1; null where neither or both ways of caching were used. */
  cache_hit_rate: z.number().nullable(),
  /** Null where the platform keeps no transactions of credits, or the role may not read them. */
  credits_used: z.bigint().nullable(),
  ...{ created_at, completed_at, failed_at },
  deleted_at: z.string().nullable(),
})
export type UsedRun = z.infer<typeof usedRun>

const runError = z.object({ error_class: z.string().nullable(), message: z.string().nullable() })

/** Sums over a run and all of its children; null where none of them has the figure. */
const aggregate = z.object({
  total_input_tokens: z.bigint().nullable(),
  total_output_tokens: z.bigint().nullable(),
  total_cost_usd: decimal.nullable(),
  credits_used: z.bigint().nullable(),
})

/** The answer of `runs show` (contract, section 2). */
export const runDetail = z.object({
  ...usedRun.shape,
  created_by_user_id,
  created_by_user_name: z.string().nullable(),
  created_by_email: z.string().nullable(),
  events: z.object({
    total: z.bigint(),
    llm_turns: z.bigint(),
    tool_calls: z.bigint(),
    provider_fallbacks: z.bigint(),
  }),
  /** Why it failed or was interrupted, as far as its events say; null for other runs. */
  error: runError.nullable(),
  /** Runs that it started, oldest first, 200 at most. */
  children: z.array(usedRun),
  /** Null without children. */
  total_aggregate: aggregate.nullable(),
})
export type RunDetail = z.infer<typeof runDetail>

const { login, username, org_name } = runRow.shape

/** The same for the console. */
export const inspectedRun = runDetail.extend({
  ...{ login, username, org_name },
  /** Besides the type of the event that says it, and the tool it is about. */
  error: runError.extend({ type: z.string(), tool_name: z.string().nullable() }).nullable(),
  /** US dollars that a run that has not ended cost until now; null for one that has. */
  cost_so_far: decimal.nullable(),
  /** Number of all children. */
  children_count: z.number(),
  /** Whether one of the children started further runs, which no sum here has. */
  has_grandchildren: z.boolean(),
  /** Whether the platform keeps transactions of credits, and the role may read them. */
  credits: z.enum(["kept", "absent", "hidden"]),
})
export type InspectedRun = z.infer<typeof inspectedRun>

/** The share of the input that came from a cache (contract, section 8). */
export function cacheHitRate(
  used: Pick<UsedRun, "total_input_tokens" | "cache_creation_tokens" | "cache_read_tokens" | "cached_tokens">,
): number | null {
  const [input, created, read, cached] = [
    used.total_input_tokens,
    used.cache_creation_tokens,
    used.cache_read_tokens,
    used.cached_tokens,
  ].map(tokens => Number(tokens ?? 0n)) as [number, number, number, number]
  const [isMarked, isAutomatic] = [read > 0 || created > 0, cached > 0]
  if (isMarked === isAutomatic) return null
  if (isMarked) return read / (input + read + created)
  return input > 0 ? cached / input : null
}

/** What is said where credits cannot be told. */
export const CREDITS_UNKNOWN = {
  absent: "not kept by this platform",
  hidden: "hidden from this role: grant SELECT on credit_transactions",
} as const

/** Returns a run as a card for people: the error first, sums and children in a line each. */
export function readableRun(found: InspectedRun): z.infer<typeof runCard> {
  const { credits, children_count } = found
  const { run_id, status, error, children, total_aggregate, deleted_at, ...figures } = declaredOf(
    runDetail,
    found,
  ) as RunDetail
  return {
    run_id,
    status,
    ...(deleted_at !== null && { deleted_at }),
    ...(error !== null && { error: errorText(error) }),
    ...figures,
    cache_hit_rate: found.cache_hit_rate === null ? null : `${(found.cache_hit_rate * 100).toFixed(1)}%`,
    credits_used: credits === "kept" ? found.credits_used : CREDITS_UNKNOWN[credits],
    ...(total_aggregate !== null && {
      with_children: total_aggregate,
      children:
        children_count > children.length ? `${children_count}, the oldest ${children.length} of them` : children_count,
      child_runs: children.map(childLine),
    }),
  }
}

/** The class of an error and what it says. */
const errorText = ({ error_class, message }: { error_class: string | null; message: string | null }): string =>
  [error_class, message].filter(Boolean).join(": ")

/** A child in the card's table. */
const startedRun = z.object({
  run_id,
  status: run.shape.status,
  took: z.string().nullable(),
  cost: z.string().nullable(),
  model: run.shape.model,
})

/** What the card of a run is made of: the runs that it started, where there are some, are a table below it. */
export const runCard = z.looseObject({ child_runs: z.array(startedRun).optional() })

const childLine = ({ run_id, status, duration_ms, total_cost_usd, model }: UsedRun): z.infer<typeof startedRun> => ({
  run_id,
  status,
  took: duration_ms === null ? null : spanOf(Number(duration_ms)),
  cost: total_cost_usd === null ? null : `$${total_cost_usd}`,
  model,
})
