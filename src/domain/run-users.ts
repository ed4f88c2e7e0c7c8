import { z } from "zod"
import { decimal } from "./decimal.ts"
import { id } from "./fields.ts"
import { runFilter } from "./run.ts"

/** What the runs of one user used: their number, those that failed, tokens, and cost in US dollars. */
const userOfRuns = z.object({
  /** Null for the runs that no user started, together. */
  user_id: id.nullable().meta({ detail: true }),
  login: z.string().nullable(),
  username: z.string().nullable(),
  runs: z.bigint(),
  failed: z.bigint(),
  total_input_tokens: z.bigint(),
  total_output_tokens: z.bigint(),
  total_cost_usd: decimal,
  /** Part of the cost of all runs that the filter finds, 0 to 1. */
  share: z.number(),
})
export type UserOfRuns = z.infer<typeof userOfRuns>

/** The users by what their runs cost since a time, the highest first; there is no further page. */
export const usersOfRuns = z.object({
  since: z.string(),
  data: z.array(userOfRuns),
  next_cursor: z.null(),
})

/** Filter of the runs that are summed up by user. */
export const usersOfRunsFilter = runFilter.omit({ sums: true, cursor: true })
