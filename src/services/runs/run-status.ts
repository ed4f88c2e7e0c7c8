import type { Kysely } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"

/** Reads the status of a run, deleted ones included. Throws DeckError `not_found`. */
export async function runStatus(db: Kysely<Tables>, runId: string): Promise<string> {
  const run = await db.selectFrom("runs").select("status").where("id", "=", runId).executeTakeFirst()
  if (run === undefined) throw noRun(runId)
  return run.status
}

export const noRun = (runId: string): DeckError => new DeckError("not_found", `there is no run with the id ${runId}`)

/**
 * The lowest number of a run's events, null without any. Another one than 1 tells that they were drawn from the sequence of
 * older deployments: there, a lower number can appear after a higher one (contract, section 10).
 */
export async function lowestSeq(db: Kysely<Tables>, runId: string): Promise<bigint | null> {
  const first = await db
    .selectFrom("run_events")
    .select("seq")
    .where("run_id", "=", runId)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst()
  return first === undefined ? null : BigInt(first.seq)
}
