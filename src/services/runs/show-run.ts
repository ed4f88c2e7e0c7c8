import type { Kysely } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { id } from "../../domain/fields.ts"
import { inspectedRun, runDetail } from "../../domain/run.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { describedRuns, keptRuns, withNumbers } from "./described-runs.ts"
import { noRun } from "./run-status.ts"

const oneRun = z.object({ run_id: id.meta({ label: "the id of the run", positional: true }) })

/** Contract, section 2: `runs show`. Throws DeckError `not_found`. For the console also with the cause of a failure. */
export const showRun = defineOperation({
  words: ["runs", "show"],
  summary: "one run, its route and the numbers of its events",
  input: oneRun,
  answer: inspectedRun,
  async run(context, input) {
    const run = await completeRun(context, input)
    const { postgres, signal } = context
    return { ...run, failure: await postgres.run(db => failureOf(db, run.run_id), signal) }
  },
  contract: { answer: runDetail, run: completeRun },
})

export const commands = [showRun]

function completeRun({ postgres, signal }: OperationContext, { run_id }: z.output<typeof oneRun>) {
  return postgres.run(async db => {
    const found = await describedRuns(db, keptRuns(db).selectAll().where("runs.id", "=", run_id)).executeTakeFirst()
    if (found === undefined) throw noRun(run_id)
    return { ...withNumbers(found), events: await eventCounts(db, run_id) }
  }, signal)
}

async function eventCounts(db: Kysely<Tables>, runId: string): Promise<z.output<typeof runDetail>["events"]> {
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

/** Reads the newest event with a class of error or, where there is none, of a failure's type. */
async function failureOf(db: Kysely<Tables>, runId: string): Promise<z.output<typeof inspectedRun>["failure"]> {
  const event = await db
    .selectFrom("run_events")
    .select(["type", "error_class", "tool_name"])
    .where("run_id", "=", runId)
    .where(({ or, eb }) => or([eb("error_class", "is not", null), eb("type", "like", "%.failed")]))
    .orderBy(({ eb }) => eb("error_class", "is", null))
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst()
  return event ?? null
}
