import type { Postgres } from "../adapters/postgres/connection.ts"
import { Random } from "./random.ts"
import { createRun } from "./seed/runs.ts"
import type { World } from "./seed/world.ts"

/** Shorter than any run of the seed that there is something to find in. */
const LASTS_S = [6, 40] as const
const FAILED_SHARE = 0.07

/** What the body of a transaction works with. */
export type Tx = Parameters<Parameters<Postgres["transaction"]>[0]>[0]

/** A run that goes on: its rows are known from the beginning, and are written as their time comes. */
export interface NewRun {
  readonly id: string
  /** Writes what has happened by `now` (epoch milliseconds); answers whether it goes on. One that was asked to end is left alone. */
  write(tx: Tx, now: number): Promise<boolean>
}

/** Returns what begins a run of somebody who has none at the moment: their row is written, and no event yet. */
export function createNewRuns({ people, runs }: World, seed: number): (tx: Tx, now: number) => Promise<NewRun> {
  const random = new Random(seed)
  const busy = new Set(runs.runs.filter(({ status }) => status === "running").map(row => row.created_by_user_id))
  const active = new Set(people.users.filter(({ status }) => status === "active").map(({ id }) => id))
  const threads = runs.threads.filter(({ created_by_user_id: id }) => active.has(id) && !busy.has(id))
  return async (tx, now) => {
    const lasts = random.between(...LASTS_S)
    const status = random.chance(FAILED_SHARE) ? "failed" : "completed"
    const told = { age: 0, lasts, turns: random.between(1, 4), status } as const
    const whole = createRun(random.pick(threads), now, random, now + lasts * 1_000, told)
    const { run } = whole
    await tx
      .insertInto("runs")
      .values({
        ...run,
        ...{ status: "running", status_updated_at: run.created_at, next_event_seq: 1 },
        ...{ completed_at: null, failed_at: null, duration_ms: null },
        ...{ total_input_tokens: null, total_output_tokens: null, total_cost_usd: null },
      })
      .execute()
    return { id: run.id, write: written(whole) }
  }
}

const written =
  ({ run: { id, ...end }, events, usage }: ReturnType<typeof createRun>): NewRun["write"] =>
  async (tx, now) => {
    const ours = tx.selectFrom("runs").select("next_event_seq").where("id", "=", id).where("status", "=", "running")
    const found = await ours.forUpdate().executeTakeFirst()
    if (found === undefined) return false
    const due = events.filter(({ seq, ts }) => seq >= Number(found.next_event_seq) && Date.parse(ts) <= now)
    if (due.length > 0) await tx.insertInto("run_events").values(due).execute()
    const next_event_seq = Number(found.next_event_seq) + due.length
    const isOver = next_event_seq > events.length
    const changes = isOver ? end : { next_event_seq }
    await tx.updateTable("runs").set(changes).where("id", "=", id).execute()
    if (isOver) await tx.insertInto("usage_records").values(usage).execute()
    return !isOver
  }
