import { z } from "zod"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { id } from "../../domain/fields.ts"
import { takesNoChanges } from "../../domain/replica.ts"
import { writeAudit } from "../audit.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { authorizeWithin } from "../permission.ts"
import { runStatus } from "./run-status.ts"

/** What of a run was read: its messages, its events, or whatever of both is looked at. */
type Scope = "messages" | "events" | "everything"

/**
 * The right to read what users wrote in one run. There is none without a row in the audit log: `record` alone makes it, once
 * that row is committed, and what reads content asks for it.
 */
export class ContentRight {
  readonly runId: string
  /** Of the row in the audit log. */
  readonly traceId: string

  private constructor(runId: string, traceId: string) {
    this.runId = runId
    this.traceId = traceId
  }

  /**
   * Records that the operator reads content of the run (contract, section 5), also while read-only, as signing in is. Throws
   * DeckError `not_found`, `forbidden`, and where the row cannot be written `read_only`, on a replica, or `unavailable`.
   */
  static async record({ postgres, operator, environment, traceId }: OperationContext, runId: string, scope: Scope) {
    try {
      await postgres.record(async tx => {
        await authorizeWithin(tx, operator)
        await runStatus(tx, runId)
        await writeAudit(tx, {
          action: "runs.messages_read",
          traceId,
          actor: operator,
          target: { type: "run", id: runId },
          metadata: { scope },
        })
      })
      return new ContentRight(runId, traceId)
    } catch (error) {
      const failure = asDeckError(error)
      if (failure.code !== "unavailable" && failure.code !== "read_only") throw failure
      const why = environment.replica
        ? takesNoChanges(environment.replica)
        : failure.message.replace(/^(not saved|nothing was changed): /, "")
      const message = `what users wrote is shown only where that is recorded in the audit log, and it could not be: ${why}`
      throw new DeckError(failure.code, message, { cause: error, denied: failure.denied })
    }
  }
}

/** Field of an input that brings the right along; commands have none, and record each reading. */
export const contentRight = z.custom<ContentRight>(value => value instanceof ContentRight).optional()

/** Uses the right that came along, or records the reading. */
export const rightFor = async (
  context: OperationContext,
  runId: string,
  scope: Scope,
  brought: ContentRight | undefined,
): Promise<ContentRight> => (brought?.runId === runId ? brought : ContentRight.record(context, runId, scope))

/** Opens what users wrote in a run to a console, with one row in the audit log. No command of its own. */
export const unlockRunContent = defineOperation({
  words: ["runs", "unlock"],
  summary: "messages, prompts and answers of one run, which is recorded",
  input: z.object({ run_id: id }),
  answer: z.custom<ContentRight>(),
  run: (context, { run_id }) => ContentRight.record(context, run_id, "everything"),
})
