import { type Kysely, sql } from "kysely"
import { z } from "zod"
import { columnsPresent } from "../adapters/postgres/columns-present.ts"
import { SHOWN_AT } from "../adapters/postgres/role.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { tablesExist } from "../adapters/postgres/tables-exist.ts"
import {
  type JobCounts,
  pulseOf,
  type Queue,
  queue,
  queuePulse,
  readableQueue,
  stuckText,
  toReadableQueue,
  type Worker,
} from "../domain/queue.ts"
import { defineOperation, type Stores } from "./operation.ts"

export type { JobCounts, Queue } from "../domain/queue.ts"

const NOT_KEPT = "not kept by this platform: it has no tables of jobs and workers"

/** Contract, section 2: `queue`. The answer says besides whether this platform keeps one; where it does not, the lists are empty. */
export const showQueue = defineOperation({
  words: ["queue"],
  summary: "jobs of the platform's queue by type, and the workers that take them",
  input: z.object({}),
  answer: queue.extend({ kept: z.boolean() }),
  contract: { answer: queue },
  run: showed,
  forPeople: { answer: readableQueue, run: async context => toReadableQueue(await showed(context)) },
  async caveat(context, { jobs }) {
    const stuck = stuckText(jobs)
    return stuck ?? (jobs.length > 0 || (await isKept(context)) ? undefined : NOT_KEPT)
  },
})

async function showed(stores: Stores): Promise<Queue & { kept: boolean }> {
  const found = await readQueue(stores)
  return { ...(found ?? { jobs: [], workers: [] }), kept: found !== undefined }
}

/**
 * What a console looks at every few seconds; null where this platform keeps no queue, or the role may not read it. Dead
 * jobs stay for good, and are not read. No command of its own.
 */
export const takeQueuePulse = defineOperation({
  words: ["queue", "pulse"],
  summary: "the queue in a few figures",
  input: z.object({}),
  answer: z.object({ pulse: queuePulse.nullable() }),
  run: ({ postgres, signal }) =>
    postgres.run(async db => {
      if (!(await mayRead(db))) return { pulse: null }
      const jobs = await jobCounts(db, ["queued", "leased"])
      const { alive } = await db
        .selectFrom("worker_registrations")
        .select(eb => eb.fn.countAll<string>().as("alive"))
        .where("status", "<>", "dead")
        .where(ALIVE)
        .executeTakeFirstOrThrow()
      return { pulse: pulseOf(jobs, Number(alive)) }
    }, signal),
})

export const commands = [showQueue]

/** Reads the queue and its workers; undefined where this platform keeps none. Throws DeckError. */
export const readQueue = ({ postgres, signal }: Pick<Stores, "postgres" | "signal">): Promise<Queue | undefined> =>
  postgres.run(
    async db => ((await exists(db)) ? { jobs: await jobCounts(db), workers: await registered(db) } : undefined),
    signal,
  )

const isKept = ({ postgres, signal }: Stores) => postgres.run(exists, signal)

const exists = (db: Kysely<Tables>) => tablesExist(db, "jobs", "worker_registrations")

async function mayRead(db: Kysely<Tables>): Promise<boolean> {
  const present = await columnsPresent(db, ["jobs", "worker_registrations"])
  return present.size === 2 && [...present.values()].every(({ readable }) => readable)
}

/** A worker that is alive says so every ten seconds. */
const ALIVE = sql<boolean>`heartbeat_at > ${SHOWN_AT} - interval '30 seconds'`
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
async function jobCounts(
  db: Kysely<Tables>,
  statuses: readonly string[] = ["queued", "leased", "dead"],
): Promise<JobCounts[]> {
  const { rows } = await sql<JobCounts>`
    with moment as (select ${SHOWN_AT} as at),
    taking as (select capabilities from worker_registrations where status = 'active' and ${ALIVE}),
    alike as (
      select job_type, worker_tags,
        count(*) filter (where status = 'queued' and available_at <= (select at from moment)) as ready,
        min(available_at) filter (where status = 'queued' and available_at <= (select at from moment)) as oldest,
        count(*) filter (where status = 'leased' and leased_until > (select at from moment)) as in_flight,
        count(*) filter (where status = 'leased' and (leased_until > (select at from moment)) is not true) as lost,
        count(*) filter (where status = 'dead') as dead
      from jobs where status = any(${statuses}::text[]) group by job_type, worker_tags
    ),
    judged as (
      select *, not exists (select from taking where to_jsonb(worker_tags) <@ capabilities) as is_stuck from alike
    )
    select job_type, sum(ready)::float8 as ready, round(extract(epoch from (select at from moment) - min(oldest))::numeric, 3)::float8 as oldest_ready_s,
      coalesce(sum(ready) filter (where is_stuck), 0)::float8 as stuck, sum(in_flight)::float8 as in_flight,
      sum(lost)::float8 as lost, sum(dead)::float8 as dead
    from judged group by job_type order by job_type`.execute(db)
  return rows
}
