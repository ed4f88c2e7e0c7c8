import { z } from "zod"

/** State of a history (contract, section 10: `record status`). */
export const recordStatus = z.object({
  /** Whether a recorder is at work. */
  recording: z.boolean(),
  since: z.string().nullable(),
  newest: z.string().nullable(),
  /** How far the history is behind the present, in seconds. */
  lag_s: z.number().nullable(),
  bytes: z.number(),
  entries: z.number(),
  gaps: z.number(),
  /** Entries that are in a gap of known size. */
  lost: z.number(),
  /** What keeps the recorder from recording. */
  trouble: z.string().nullable(),
})
export type RecordStatus = z.infer<typeof recordStatus>
