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

/** The recorder in a few figures, where there is a history. */
export interface RecorderPulse {
  /** Whether it is at work, and nothing keeps it from recording. */
  readonly recording: boolean
  /** How far the history is behind the present, in seconds. */
  readonly lag_s: number
}

/** Returns the figures of `status`; undefined where there is no history yet. */
export const pulseOf = ({ recording, trouble, lag_s }: RecordStatus): RecorderPulse | undefined =>
  lag_s === null ? undefined : { recording: recording && trouble === null, lag_s }

/** What is read is written every five seconds; where the history is further behind than this, something is wrong. */
const BEHIND_S = 30

/** Whether the history is not as it should be: nothing is recorded, or it is behind. */
export const isTroubled = ({ recording, lag_s }: RecorderPulse): boolean => !recording || lag_s > BEHIND_S
