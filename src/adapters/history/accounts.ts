import { z } from "zod"
import type { LedgerState } from "../redis/ledger.ts"

const count = z.number().int().nonnegative()

const streamInfo = z.object({
  exists: z.boolean(),
  length: count,
  firstId: z.string().optional(),
  lastId: z.string(),
  added: count.optional(),
  maxDeletedId: z.string(),
})

const position = z.object({
  cursor: z.string(),
  accounted: z.number().optional(),
  settled: z.string(),
  top: z.string(),
  anchored: z.boolean(),
  vanished: z.boolean(),
  last: z.object({ info: streamInfo, runId: z.string().optional(), history: z.string().optional() }),
  failover: z.object({ least: z.number(), until: z.string() }).optional(),
}) satisfies z.ZodType<LedgerState>

/** What a recorder keeps with its rows, so that the next one goes on behind the last of them. */
export const accounts = z.object({
  /** How often the stream was made anew, as far as recorders saw it (contract, section 10). */
  epoch: count,
  /** Where the next recorder goes on; undefined before the first row. */
  position: position.optional(),
  /** The stream's time up to which nothing is missing but what is a gap, in ms since the epoch. */
  untilMs: z.number().optional(),
})
export type Accounts = z.infer<typeof accounts>

/** The process that records, or recorded last; times in ms since the epoch. */
export const signOfLife = z.object({
  pid: count,
  sinceMs: z.number(),
  /** Its last sign of life. */
  atMs: z.number(),
  /** What keeps it from recording. */
  trouble: z.string().optional(),
  /** Whether it has ended in order. */
  isOver: z.boolean().optional(),
})
export type SignOfLife = z.infer<typeof signOfLife>
