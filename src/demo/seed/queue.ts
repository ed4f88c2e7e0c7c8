import type { Random } from "../random.ts"
import { HOUR_MS, timestamp } from "./time.ts"

/** What every worker of the demonstration takes. */
const TAKEN = ["run.execute", "email.send", "webhook.deliver"]

/** Jobs by type: how many are ready, in flight and given up. */
const JOBS: readonly (readonly [type: string, ready: number, leased: number, dead: number])[] = [
  ["email.send", 1, 0, 2],
  ["run.execute", 3, 5, 1],
  ["webhook.deliver", 0, 1, 0],
]

/** The platform's queue and those who work on it: three workers that are alive once `keepWorkers` beats, and one that ended. */
export function createQueue(random: Random, now: number) {
  const jobs = JOBS.flatMap(([job_type, ready, leased, dead]) =>
    [
      ...Array.from({ length: ready }, () => ({ status: "queued", leased_until: null })),
      ...Array.from({ length: leased }, () => ({ status: "leased", leased_until: timestamp(now, random) })),
      ...Array.from({ length: dead }, () => ({ status: "dead", leased_until: null })),
    ].map(job => ({ id: random.uuid(), job_type, ...job, available_at: timestamp(now, random) })),
  )
  const worker = (hostname: string, status: "active" | "dead", current_load: number, seen: number) => ({
    ...{ id: random.uuid(), worker_id: random.uuid(), hostname, version: "1.8.2", status, current_load },
    ...{ max_concurrency: 4, capabilities: JSON.stringify(TAKEN), heartbeat_at: timestamp(seen, random) },
  })
  const workers = [
    worker("worker-1", "active", 3, now),
    worker("worker-2", "active", 2, now),
    worker("worker-3", "active", 1, now),
    worker("worker-0", "dead", 0, now - 26 * HOUR_MS),
  ]
  return { jobs, workers }
}
