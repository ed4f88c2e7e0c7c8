import { setTimeout as sleep } from "node:timers/promises"
import { openPostgres } from "../adapters/postgres/connection.ts"
import { createNewRuns, type NewRun, type Tx } from "./new-runs.ts"
import type { World } from "./seed/world.ts"

const BEAT_MS = 1_000
/** A job begins every so many beats, by its type. */
const EVERY = { "run.execute": 9, "email.send": 7, "webhook.deliver": 11 } as const
/** How long a job waits for a worker, and how long a worker has one that is no run. */
const WAITS_MS = 2_500
const TAKES_MS = 3_500
/** A worker that is not heard of for so long loses its jobs. */
const LEASE_MS = 60_000

/**
 * Has the workers of the demonstration go on as the platform's do until `signal` fires: they say that they are alive, take
 * jobs and end them, and people start runs. While PostgreSQL is away nothing happens.
 */
export async function keepWorkers(databaseUrl: string, world: World, seed: number, signal: AbortSignal): Promise<void> {
  const postgres = openPostgres({ url: databaseUrl })
  const begin = createNewRuns(world, seed)
  const runOf = runsOfJobs(world)
  let runs: NewRun[] = []
  let beats = 0
  const beat = async (tx: Tx) => {
    const now = Date.now()
    const going: NewRun[] = []
    for (const run of runs) if (await run.write(tx, now)) going.push(run)
    for (const [type, every] of Object.entries(EVERY)) {
      if (beats % every !== 0) continue
      const job = { job_type: type, status: "queued", available_at: at(now) } as const
      const { id } = await tx.insertInto("jobs").values(job).returning("id").executeTakeFirstOrThrow()
      if (type !== "run.execute") continue
      const run = await begin(tx, now)
      going.push(run)
      runOf.set(id, run.id)
    }
    await work(tx, runOf, now)
    return going
  }
  while (!signal.aborted) {
    beats++
    await postgres.transaction(beat, signal).then(
      going => {
        runs = going
      },
      () => {},
    )
    await sleep(BEAT_MS, undefined, { signal }).catch(() => {})
  }
  await postgres.close()
}

/** The runs that the seed's jobs in flight are about, by job. */
function runsOfJobs({ queue, runs }: World): Map<string, string> {
  const running = runs.runs.filter(({ status }) => status === "running")
  const held = queue.jobs.filter(({ job_type, status }) => job_type === "run.execute" && status === "leased")
  return new Map(held.flatMap((job, i) => (running[i] === undefined ? [] : [[job.id, running[i].id] as const])))
}

/** Takes the jobs that have waited, and ends those that are done: a run's once it has ended. */
async function work(tx: Tx, runOf: Map<string, string>, now: number): Promise<void> {
  const going = await stillRunning(tx, [...runOf.values()])
  for (const [job, run] of runOf) if (!going.has(run)) runOf.delete(job)
  const held = await tx
    .selectFrom("jobs")
    .select(["id", "status", "available_at", "leased_until"])
    .where("status", "in", ["queued", "leased"])
    .execute()
  const jobs = (of: (job: (typeof held)[number]) => boolean) => held.filter(of).map(({ id }) => id)
  const change = async (ids: readonly string[], status: "leased" | "done") => {
    if (ids.length === 0) return
    const leased_until = status === "leased" ? at(now + LEASE_MS) : null
    await tx.updateTable("jobs").set({ status, leased_until }).where("id", "in", ids).execute()
  }
  const isRun = ({ id }: { readonly id: string }) => runOf.has(id)
  const isLeased = ({ status }: { readonly status: string }) => status === "leased"
  const hasWaited = (job: (typeof held)[number]) => Date.parse(String(job.available_at)) <= now - WAITS_MS
  await change(
    jobs(job => (isLeased(job) ? isRun(job) : hasWaited(job))),
    "leased",
  )
  const isDone = (job: (typeof held)[number]) => Date.parse(String(job.leased_until)) <= now + LEASE_MS - TAKES_MS
  await change(
    jobs(job => isLeased(job) && !isRun(job) && isDone(job)),
    "done",
  )
  await tellAlive(tx, jobs(isLeased).length, now)
}

async function stillRunning(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const going = tx.selectFrom("runs").select("id").where("id", "in", ids)
  return new Set((await going.where("status", "in", ["running", "cancelling"]).execute()).map(({ id }) => id))
}

/** The workers share what is in flight. */
async function tellAlive(tx: Tx, inFlight: number, now: number): Promise<void> {
  const alive = await tx
    .selectFrom("worker_registrations")
    .select("id")
    .where("status", "=", "active")
    .orderBy("hostname")
    .execute()
  for (const [i, { id }] of alive.entries()) {
    const current_load = Math.ceil((inFlight - i) / alive.length)
    const set = { heartbeat_at: at(now), current_load }
    await tx.updateTable("worker_registrations").set(set).where("id", "=", id).execute()
  }
}

const at = (ms: number) => new Date(ms).toISOString()
