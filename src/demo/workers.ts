import { setTimeout as sleep } from "node:timers/promises"
import { openPostgres } from "../adapters/postgres/connection.ts"

const BEAT_MS = 5_000

/**
 * Has the workers of the demonstration go on as the platform's do until `signal` fires: they say that they are alive, hold
 * their jobs, and what is ready has waited for a few seconds. While PostgreSQL is away nothing is said.
 */
export async function keepWorkers(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const postgres = openPostgres({ url: databaseUrl })
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const beat = () =>
    postgres.transaction(async tx => {
      const now = at(0)
      await tx.updateTable("worker_registrations").set({ heartbeat_at: now }).where("status", "=", "active").execute()
      await tx
        .updateTable("jobs")
        .set({ leased_until: at(60_000) })
        .where("status", "=", "leased")
        .execute()
      await tx
        .updateTable("jobs")
        .set({ available_at: at(-3_000) })
        .where("status", "=", "queued")
        .execute()
    }, signal)
  while (!signal.aborted) {
    await beat().catch(() => {})
    await sleep(BEAT_MS, undefined, { signal }).catch(() => {})
  }
  await postgres.close()
}
