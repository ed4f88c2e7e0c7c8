import { setTimeout as sleep } from "node:timers/promises"
import { openPostgres } from "../adapters/postgres/connection.ts"

const POLL_MS = 500
/** How long a worker takes to end a run after it was asked to. */
const ENDS_AFTER_MS = 2_000

/**
 * Ends the runs of the demonstration that were asked to end, as the platform's workers do (contract, section 8), until `signal`
 * fires: the last event of each, and in the run what its turns used. While PostgreSQL is away nothing ends.
 */
export async function endCancelledRuns(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const postgres = openPostgres({ url: databaseUrl })
  const asked = () =>
    postgres.run(
      db =>
        db
          .selectFrom("runs")
          .select(["id", "created_at"])
          .where("status", "=", "cancelling")
          .where("status_updated_at", "<", new Date(Date.now() - ENDS_AFTER_MS).toISOString())
          .execute(),
      signal,
    )
  const end = ({ id, created_at }: { readonly id: string; readonly created_at: string }) =>
    postgres.transaction(async tx => {
      const events = await tx.selectFrom("run_events").select(["seq", "data_json"]).where("run_id", "=", id).execute()
      const last = events.reduce((highest, { seq }) => Math.max(highest, Number(seq)), 0)
      await tx
        .insertInto("run_events")
        .values({
          run_id: id,
          seq: String(last + 1),
          type: "run.cancelled",
          data_json: '{"reason": "cancel requested"}',
        })
        .execute()
      await tx
        .updateTable("runs")
        .set({
          ...usedIn(events.map(({ data_json }) => data_json as EventData)),
          status: "cancelled",
          status_updated_at: new Date().toISOString(),
          duration_ms: String(Date.now() - Date.parse(created_at)),
          next_event_seq: String(last + 2),
        })
        .where("id", "=", id)
        .execute()
    }, signal)
  while (!signal.aborted) {
    for (const run of await asked().catch(() => [])) await end(run).catch(() => {})
    await sleep(POLL_MS, undefined, { signal }).catch(() => {})
  }
  await postgres.close()
}

interface EventData {
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number }
  readonly cost?: { readonly amount_micros?: number }
}

/** Sums up what the turns of a run used. */
function usedIn(events: readonly EventData[]) {
  const sum = (figure: (data: EventData) => number | undefined) =>
    events.reduce((all, data) => all + (figure(data) ?? 0), 0)
  return {
    total_input_tokens: String(sum(({ usage }) => usage?.input_tokens)),
    total_output_tokens: String(sum(({ usage }) => usage?.output_tokens)),
    total_cost_usd: (sum(({ cost }) => cost?.amount_micros) / 1e6).toFixed(8),
  }
}
