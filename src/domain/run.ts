import { z } from "zod"
import { decimal } from "./decimal.ts"
import { cursor, id, limit, text } from "./fields.ts"
import { atLeast, filterText, person, since } from "./list-terms.ts"
import { RUN_MEASURES } from "./run-measures.ts"

const RUN_STATUSES = ["running", "completed", "failed", "cancelled", "cancelling", "interrupted"] as const

/** Statuses of a run that has not ended: it may still add events. */
export const RUNNING_STATUSES = ["running", "cancelling"] as const

export const isRunning = ({ status }: { readonly status: string }): boolean =>
  (RUNNING_STATUSES as readonly string[]).includes(status)

/** A run (contract, sections 2 and 3). Tokens and milliseconds are 64 bits wide, cost is in US dollars. */
export const run = z.object({
  run_id: id,
  org_id: id,
  thread_id: id.meta({ detail: true }),
  parent_run_id: id.nullable().meta({ detail: true }),
  status: z.enum(RUN_STATUSES),
  /** The model that was asked for; of one run that is shown, the routed one wins. */
  model: z.string().nullable(),
  persona_id: z.string().nullable().meta({ detail: true }),
  provider_kind: z.string().nullable().meta({ detail: true }),
  credential_name: z.string().nullable().meta({ detail: true }),
  persona_model: z.string().nullable().meta({ detail: true }),
  duration_ms: z.bigint().nullable(),
  total_input_tokens: z.bigint().nullable(),
  total_output_tokens: z.bigint().nullable(),
  total_cost_usd: decimal.nullable(),
  created_at: z.string(),
  completed_at: z.string().nullable().meta({ detail: true }),
  failed_at: z.string().nullable().meta({ detail: true }),
  created_by_user_id: id.nullable(),
})
export type Run = z.infer<typeof run>

/** Filter of a list of runs. */
export const runFilter = z.object({
  filter: filterText("status:failed model:claude since:1d"),
  status: z
    .enum(RUN_STATUSES, `must be one of ${RUN_STATUSES.join(", ")}`)
    .optional()
    .meta({ label: "only runs with this status", term: "status", takes: { example: "failed" } }),
  user_id: person.optional().meta({ label: "only runs that this user started", term: "user" }),
  org_id: id.optional().meta({
    label: "only runs of this organization",
    term: "org",
    takes: { expects: "the id of an organization" },
  }),
  parent_run_id: id.optional().meta({
    label: "only runs that this run started",
    term: "parent",
    takes: { expects: "the id of a run" },
  }),
  model: text.optional().meta({
    label: "only runs that asked for this model or, where none did, for one whose name begins so",
    placeholder: "MODEL",
    term: "model",
    takes: { expects: "a model, or the beginning of one", example: "claude" },
  }),
  error_class: text.optional().meta({
    label: "only failed runs whose newest failure is of this class",
    placeholder: "CLASS",
    term: "error",
    takes: { expects: "a class of errors, or how one of its parts begins", example: "rate_limit" },
  }),
  cost_min: atLeast(RUN_MEASURES.cost),
  duration_min: atLeast(RUN_MEASURES.duration),
  tokens_min: atLeast(RUN_MEASURES.tokens),
  sums: z.boolean().optional().meta({ label: "also sum up all runs that the filter finds: tokens and cost" }),
  since,
  limit,
  cursor,
})

/** Names shown by the console: the user who started a run, and the organization. */
const names = { login: z.string().nullable(), username: z.string().nullable(), org_name: z.string().nullable() }
export const runRow = run.extend({
  ...names,
  /** Class of the error that a failed run ended with. */
  error_class: z.string().nullable(),
})
export type RunRow = z.infer<typeof runRow>
