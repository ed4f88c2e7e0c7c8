import { z } from "zod"
import { spanOf } from "./span.ts"

/** The jobs of one type, counted (contract, section 9). */
const jobCounts = z.object({
  job_type: z.string(),
  /** Waiting for a worker, and for how many seconds the oldest of them. */
  ready: z.number(),
  oldest_ready_s: z.number().nullable(),
  /** Those of the ready ones that no worker alive can take. */
  stuck: z.number(),
  in_flight: z.number(),
  /** Held by a worker that has not been heard of in time; taken again while they have attempts left. */
  lost: z.number(),
  /** Given up. */
  dead: z.number(),
})
export type JobCounts = z.infer<typeof jobCounts>

/** A process that takes jobs. */
const worker = z.object({
  worker_id: z.string().meta({ detail: true }),
  hostname: z.string(),
  version: z.string(),
  status: z.enum(["active", "draining", "dead"]),
  /** How many jobs it has, of how many it takes at a time. */
  load: z.number(),
  capacity: z.number(),
  seen_at: z.string(),
  alive: z.boolean(),
})
export type Worker = z.infer<typeof worker>

/** The answer of `queue` (contract, section 2): jobs by type in alphabetical order; workers, those last seen first, 200 at most. */
export const queue = z.object({ jobs: z.array(jobCounts), workers: z.array(worker) })
export type Queue = z.infer<typeof queue>

const { job_type, ready, oldest_ready_s: _, ...others } = jobCounts.shape

/** The same for people: how long the oldest job waits in the unit that people say. */
export const readableQueue = z.object({
  jobs: z.array(z.object({ job_type, ready, oldest_ready: z.string().nullable(), ...others })),
  workers: z.array(worker),
})

/** Returns `queue` as people read it. */
export const toReadableQueue = ({ jobs, workers }: Queue): z.infer<typeof readableQueue> => ({
  workers,
  jobs: jobs.map(({ job_type, ready, oldest_ready_s, ...counts }) => ({
    ...{ job_type, ready },
    oldest_ready: oldest_ready_s === null ? null : spanOf(oldest_ready_s * 1000),
    ...counts,
  })),
})

/** The queue in a few figures: what is ready or in flight, and how many workers are alive. */
export const queuePulse = z.object({
  ready: z.number(),
  /** Seconds that the oldest of the ready jobs waits; 0 where none is ready. */
  oldest_s: z.number(),
  stuck: z.number(),
  in_flight: z.number(),
  alive: z.number(),
})
export type QueuePulse = z.infer<typeof queuePulse>

/** Returns the figures of all types together. */
export function pulseOf(jobs: readonly JobCounts[], alive: number): QueuePulse {
  const sum = (of: (counts: JobCounts) => number) => jobs.reduce((total, counts) => total + of(counts), 0)
  return {
    ready: sum(({ ready }) => ready),
    oldest_s: Math.max(0, ...jobs.map(({ oldest_ready_s }) => oldest_ready_s ?? 0)),
    stuck: sum(({ stuck }) => stuck),
    in_flight: sum(({ in_flight }) => in_flight),
    alive,
  }
}

/** Returns `3 stuck: no worker alive can take them (email.send 1, run.execute 2)`; undefined where none is. */
export function stuckText(jobs: readonly JobCounts[]): string | undefined {
  const stuck = jobs.filter(({ stuck }) => stuck > 0)
  const count = stuck.reduce((total, counts) => total + counts.stuck, 0)
  if (count === 0) return undefined
  const which = stuck.map(({ job_type, stuck }) => `${job_type} ${stuck}`).join(", ")
  return `${count} stuck: no worker alive can take them (${which})`
}

/** How often the queue is looked at. */
export const QUEUE_EVERY_MS = 5000
/** Looking takes at most this part of the time, where the table of jobs is large. */
const ONE_PART_IN = 20

/** Milliseconds to wait after a look that took so long. */
export const untilNextLook = (tookMs: number, everyMs = QUEUE_EVERY_MS): number =>
  Math.max(everyMs, ONE_PART_IN * tookMs)
