import { setTimeout as sleep } from "node:timers/promises"
import { sql, type Transaction } from "kysely"
import { openPostgres } from "../adapters/postgres/connection.ts"
import type { Tables } from "../adapters/postgres/tables.ts"

const POLL_MS = 500
/** How long a worker takes to end a run after it was asked to, in seconds. */
const ENDS_AFTER_S = 2

/**
 * Ends the runs of the demonstration that were asked to end, as the platform's workers do (contract, section 8), until `signal`
 * fires. While PostgreSQL is away nothing ends.
 */
export async function endCancelledRuns(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const postgres = openPostgres({ url: databaseUrl })
  while (!signal.aborted) {
    await postgres.transaction(tx => endThem(tx), signal).catch(() => {})
    await sleep(POLL_MS, undefined, { signal }).catch(() => {})
  }
  await postgres.close()
}

/** Writes the last event of each run, and into the run what its turns used. */
const endThem = (tx: Transaction<Tables>) =>
  sql`
    with ended as (
      update runs set status = 'cancelled', status_updated_at = now(), next_event_seq = used.highest + 2,
        duration_ms = round(extract(epoch from now() - created_at) * 1000),
        total_input_tokens = used.input, total_output_tokens = used.output, total_cost_usd = used.cost
      from (
        select run_id, max(seq) as highest, sum((data_json #>> '{usage,input_tokens}')::bigint) as input,
          sum((data_json #>> '{usage,output_tokens}')::bigint) as output,
          sum((data_json #>> '{cost,amount_micros}')::numeric) / 1e6 as cost
        from run_events where run_id in (select id from runs where status = 'cancelling') group by run_id
      ) as used
      where id = used.run_id and status = 'cancelling'
        and status_updated_at < now() - make_interval(secs => ${ENDS_AFTER_S})
      returning id, used.highest + 1 as seq
    )
    insert into run_events (run_id, seq, type, data_json)
    select id, seq, 'run.cancelled', '{"reason": "cancel requested"}' from ended`.execute(tx)
