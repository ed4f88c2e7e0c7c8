import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import type { Tables } from "../../src/adapters/postgres/tables.ts"

export const DAY_S = 86_400

/** The time so many seconds ago, as PostgreSQL takes it. */
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()

/** Adds a run of an organization and a thread of its own; returns its id. */
export async function addRun(postgres: Postgres, columns: Partial<Insertable<Tables["runs"]>> = {}): Promise<string> {
  const id = randomUUID()
  const run = { id, org_id: randomUUID(), thread_id: randomUUID(), ...columns }
  await postgres.transaction(tx => tx.insertInto("runs").values(run).execute())
  return id
}

/** Adds a usage record of a run that nobody else has; returns its id. */
export async function addUsage(
  postgres: Postgres,
  columns: Partial<Insertable<Tables["usage_records"]>> = {},
): Promise<string> {
  const id = randomUUID()
  const record = { id, org_id: randomUUID(), run_id: randomUUID(), ...columns }
  await postgres.transaction(tx => tx.insertInto("usage_records").values(record).execute())
  return id
}
