import { type Kysely, sql } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { Decimal } from "../../domain/decimal.ts"
import { id } from "../../domain/fields.ts"
import {
  type InspectedRun,
  inspectedRun,
  type RunDetail,
  readableRun,
  runCard,
  runDetail,
} from "../../domain/inspected-run.ts"
import { isRunning } from "../../domain/run.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { costsSoFar } from "./run-costs.ts"
import { noRun } from "./run-status.ts"
import { runWithChildren } from "./used-runs.ts"

const oneRun = z.object({ run_id: id.meta({ label: "the id of the run", positional: true }) })

/** Contract, section 2: `runs show`; a deleted run is there, too. Throws DeckError `not_found`. */
export const showRun = defineOperation({
  words: ["runs", "show"],
  summary: "one run: why it failed, what it used, and the runs it started",
  input: oneRun,
  answer: inspectedRun,
  mayLag: true,
  run: wholeRun,
  contract: { answer: runDetail },
  forPeople: {
    answer: runCard,
    run: async (context, input) => readableRun(await wholeRun(context, input)),
  },
})

export const commands = [showRun]

function wholeRun({ postgres, signal }: OperationContext, { run_id }: z.output<typeof oneRun>): Promise<InspectedRun> {
  return postgres.run(async db => {
    const found = await runWithChildren(db, run_id)
    if (found === undefined) throw noRun(run_id)
    const cost_so_far = isRunning(found) ? new Decimal((await costsSoFar(db, [run_id])).of(run_id)) : null
    return { ...found, cost_so_far, events: await eventCounts(db, run_id), error: await errorOf(db, found) }
  }, signal)
}

async function eventCounts(db: Kysely<Tables>, runId: string): Promise<RunDetail["events"]> {
  const counts = await db
    .selectFrom("run_events")
    .select(({ fn }) => [
      fn.countAll<string>().as("total"),
      fn.countAll<string>().filterWhere("type", "=", "llm.request").as("llm_turns"),
      fn.countAll<string>().filterWhere("type", "=", "tool.call").as("tool_calls"),
      fn.countAll<string>().filterWhere("type", "=", "run.provider_fallback").as("provider_fallbacks"),
    ])
    .where("run_id", "=", runId)
    .executeTakeFirstOrThrow()
  return {
    total: BigInt(counts.total),
    llm_turns: BigInt(counts.llm_turns),
    tool_calls: BigInt(counts.tool_calls),
    provider_fallbacks: BigInt(counts.provider_fallbacks),
  }
}

/**
 * Why a run failed or was interrupted: what the event of its end says or, where that says nothing, the newest event with a class
 * of error. The platform's reaper gives a reason instead of a message.
 */
async function errorOf(
  db: Kysely<Tables>,
  { run_id, status }: Pick<InspectedRun, "run_id" | "status">,
): Promise<InspectedRun["error"]> {
  if (status !== "failed" && status !== "interrupted") return null
  const end = `run.${status}`
  const { rows } = await sql<NonNullable<InspectedRun["error"]>>`
    select said.error_class, said.message, type, run_events.tool_name
    from run_events, lateral (select
      coalesce(run_events.error_class, data_json ->> 'error_class', data_json #>> '{error,error_class}') as error_class,
      coalesce(data_json ->> 'message', data_json #>> '{error,message}',
        nullif(concat_ws(': ', data_json ->> 'reason', data_json ->> 'details'), '')) as message
    ) as said
    where run_id = ${run_id} and (type = ${end} or run_events.error_class is not null)
    order by coalesce(said.error_class, said.message) is null, type <> ${end}, seq desc limit 1`.execute(db)
  const [found] = rows
  return found === undefined || (found.error_class ?? found.message) === null ? null : found
}
