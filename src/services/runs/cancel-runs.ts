import type { Transaction } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { type CancelResult, cancelResult, type RunCancel, runCancel } from "../../domain/run-cancel.ts"
import { type AuditedChange, change } from "../change.ts"
import { type ChangeContext, defineChange } from "../operation.ts"
import { authorizeWithin } from "../permission.ts"
import { previewOfCancel } from "./cancel-preview.ts"
import { lockRuns, requestCancels, type Wanted, wantedRuns } from "./cancelling.ts"

/** Contract, sections 2 and 8: `runs cancel`. A worker ends the runs later; the answer says what was asked for. */
export const cancelRuns = defineChange({
  words: ["runs", "cancel"],
  summary: "ask the workers to end a run, or all running runs of a user or organization",
  input: runCancel,
  answer: z.object({ data: z.array(cancelResult) }),
  preview: ({ postgres, signal }, asked) =>
    postgres.run(async db => previewOfCancel(db, asked, await wantedRuns(db, asked)), signal),
  async run(context, asked) {
    const outcome = await change(context, async tx => {
      const ids = idsOf(asked, await wantedRuns(tx, asked))
      await lockRuns(tx, ids)
      await authorizeWithin(tx, context.operator)
      const data = await requestCancels(tx, ids, context)
      const refusal = refusalOf(asked, data)
      return { answer: { data }, reason: asked.reason, audited: auditedOf(data), ...(refusal && { refusal }) }
    })
    const failure = refusalOf(asked, outcome.answer.data)
    return failure === undefined ? outcome : { ...outcome, failure }
  },
})

/** Asks for the end of all that a user has running, children included, as part of another change of the user. */
export async function cancelRunsOf(
  tx: Transaction<Tables>,
  user: string,
  context: ChangeContext,
): Promise<AuditedChange[]> {
  const ids = idsOf({ children: true }, await wantedRuns(tx, { user }))
  await lockRuns(tx, ids)
  return auditedOf(await requestCancels(tx, ids, context))
}

export const commands = [cancelRuns]

const idsOf = ({ children = false }: RunCancel, wanted: Wanted) => [
  ...wanted.runs,
  ...(children ? wanted.children : []),
]

/** A row of the audit log for each run; what is said of all of them together is said once. */
function auditedOf(results: readonly CancelResult[]): AuditedChange[] {
  const requested = results.filter(({ result }) => result === "requested")
  const runs = requested.length === 1 ? "cancellation" : `cancellation of ${requested.length} runs`
  const what = `${runs} requested: status:cancelling until a worker ends ${requested.length === 1 ? "it" : "them"}`
  return requested.map(({ run_id, result }, index) => ({
    audit: {
      action: "runs.cancel",
      target: { type: "run", id: run_id },
      metadata: { result },
      after: { status: "cancelling" },
    },
    steps: index === 0 ? [{ what }] : [],
  }))
}

/** Why the one run that was named was not asked to end (contract, section 2: status 5). */
function refusalOf({ run_id }: RunCancel, results: readonly CancelResult[]): DeckError | undefined {
  const [named] = results
  if (run_id === undefined || named === undefined || named.result === "requested") return undefined
  return new DeckError("conflict", named.result === "ended" ? "the run has ended" : "its end was requested before")
}
