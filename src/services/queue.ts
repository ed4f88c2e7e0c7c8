import { type Kysely, sql } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"
import type { Stores } from "./operation.ts"

/** The jobs of one type, counted (contract, section 9). */
export interface JobCounts {
  readonly job_type: string
  /** Waiting for a worker, and for how many seconds the oldest of them. */
  readonly ready: number
  readonly oldest_ready_s: number | null
  /** Those of the ready ones that no worker alive can take. */
  readonly stuck: number
  readonly in_flight: number
  /** Held by a worker that has not been heard of in time; taken again while they have attempts left. */
  readonly lost: number
  /** Given up. */
  readonly dead: number
}

/** A process that takes jobs. */
interface Worker {
  readonly worker_id: string
  readonly hostname: string
  readonly version: string
  readonly status: "active" | "draining" | "dead"
  /** How many jobs it has, of how many it takes at a time. */
  readonly load: number
  readonly capacity: number
  readonly seen_at: string
  readonly alive: boolean
}

export interface Queue {
  /** By type, in alphabetical order. */
  readonly jobs: readonly JobCounts[]
  /** Those last seen first, 200 at most. */
  readonly workers: readonly Worker[]
}

/** Reads the queue and its workers; undefined where this platform keeps none. Throws DeckError. */
export const readQueue = ({ postgres, signal }: Pick<Stores, "postgres" | "signal">): Promise<Queue | undefined> =>
  postgres.run(async db => {
    const { rows } = await sql<{ kept: boolean }>`
      select to_regclass('jobs') is not null and to_regclass('worker_registrations') is not null as kept`.execute(db)
    return rows[0]?.kept ? { jobs: await jobCounts(db), workers: await registered(db) } : undefined
  }, signal)

/** A worker that is alive says so every ten seconds. */
const ALIVE = sql<boolean>`heartbeat_at > now() - interval '30 seconds'`
/** Registrations stay for good, one for each start of a worker. */
const MOST_WORKERS = 200

const registered = (db: Kysely<Tables>): Promise<Worker[]> =>
  db
    .selectFrom("worker_registrations")
    .select(["worker_id", "hostname", "version", "status", "current_load as load", "max_concurrency as capacity"])
    .select(["heartbeat_at as seen_at", sql<boolean>`status <> 'dead' and ${ALIVE}`.as("alive")])
    .orderBy("heartbeat_at", "desc")
    .orderBy("worker_id")
    .limit(MOST_WORKERS)
    .execute()

/** Jobs are alike by type and tags: so it is once for each of these that a worker is looked for. */
async function jobCounts(db: Kysely<Tables>): Promise<JobCounts[]> {
  const { rows } = await sql<JobCounts>`
    with taking as (select capabilities from worker_registrations where status = 'active' and ${ALIVE}),
    alike as (
      select job_type, worker_tags,
        count(*) filter (where status = 'queued' and available_at <= now()) as ready,
        min(available_at) filter (where status = 'queued' and available_at <= now()) as oldest,
        count(*) filter (where status = 'leased' and leased_until > now()) as in_flight,
        count(*) filter (where status = 'leased' and (leased_until > now()) is not true) as lost,
        count(*) filter (where status = 'dead') as dead
      from jobs where status in ('queued', 'leased', 'dead') group by job_type, worker_tags
    ),
    judged as (
      select *, not exists (select from taking where to_jsonb(worker_tags) <@ capabilities) as is_stuck from alike
    )
    select job_type, sum(ready)::float8 as ready, extract(epoch from now() - min(oldest))::float8 as oldest_ready_s,
      coalesce(sum(ready) filter (where is_stuck), 0)::float8 as stuck, sum(in_flight)::float8 as in_flight,
      sum(lost)::float8 as lost, sum(dead)::float8 as dead
    from judged group by job_type order by job_type`.execute(db)
  return rows
}
