import { z } from "zod"
import { id } from "./fields.ts"

/** A message of a run's thread (contract, section 2). */
export const runMessage = z.object({
  id: id.meta({ detail: true }),
  role: z.string(),
  content: z.string(),
  /** The run that wrote it, where that is known. */
  run_id: id.nullable().meta({ detail: true }),
  created_at: z.string(),
  created_by_user_id: id.nullable().meta({ detail: true }),
})
export type RunMessage = z.infer<typeof runMessage>

/** Where no table of messages exists. */
export const NO_MESSAGES = "messages are not kept by this platform"
