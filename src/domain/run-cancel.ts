import { z } from "zod"
import { id, reason } from "./fields.ts"

/** What is to be cancelled: one run, or all that run of a user or of an organization. */
const targets = {
  run_id: id.optional().meta({ label: "the id of the run", positional: true }),
  user: id.optional().meta({ label: "all running runs that this user started" }),
  org: id.optional().meta({ label: "all running runs of this organization" }),
}

/** The input of `runs cancel` (contract, section 2). */
export const runCancel = z
  .object({
    ...targets,
    children: z.boolean().optional().meta({ label: "cancel their running children as well" }),
    reason,
  })
  .refine(
    ({ run_id, user, org }) => [run_id, user, org].filter(given => given !== undefined).length === 1,
    "specify one of run_id, user, org",
  )
export type RunCancel = z.output<typeof runCancel>

/** What became of the wish to cancel a run: `ended` and `already` changed nothing. */
export const cancelResult = z.object({ run_id: id, result: z.enum(["requested", "ended", "already"]) })
export type CancelResult = z.infer<typeof cancelResult>
