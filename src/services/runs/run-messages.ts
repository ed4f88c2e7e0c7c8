import { type Kysely, sql } from "kysely"
import { z } from "zod"
import { columnsPresent, type PresentTable } from "../../adapters/postgres/columns-present.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { id } from "../../domain/fields.ts"
import { isRunning } from "../../domain/run.ts"
import { NO_MESSAGES, type RunMessage, runMessage } from "../../domain/run-message.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { contentRight, rightFor } from "./run-content.ts"
import { runStatus } from "./run-status.ts"

const one = z.object({ run_id: id.meta({ label: "the id of the run", positional: true }) })

const asked = one.extend({ right: contentRight })

/** Most messages of an answer, and most bytes that are read of them: what is left out is told. */
const MOST_MESSAGES = 200
const MOST_BYTES = 16 * 1024 * 1024

const answer = z.object({ data: z.array(runMessage) })

/**
 * Contract, section 2: `runs messages`, each reading of which is recorded. Throws DeckError `not_found`, and `unavailable` where
 * that cannot be recorded or the role may not read messages.
 */
export const listRunMessages = defineOperation({
  words: ["runs", "messages"],
  summary: "what was written in the thread of a run up to its end; that you read it is recorded",
  input: asked,
  /** For the console also whether the platform keeps messages, how many of the oldest were too much together, and whether more may come. */
  answer: answer.extend({ kept: z.boolean(), left_out: z.number(), running: z.boolean() }),
  contract: { input: one, answer },
  run: messagesFor,
  forPeople: {
    answer: z.object({ data: z.array(runMessage.pick({ created_at: true, role: true, content: true })) }),
    run: async (context, input) => {
      const { data } = await messagesFor(context, input)
      return { data: data.map(({ created_at, role, content }) => ({ created_at, role, content })) }
    },
  },
  caveat: async (context, { data }) => {
    const { postgres, signal } = context
    const kept = data.length > 0 || (await postgres.run(tableOf, signal)) !== undefined
    return kept ? hiddenRows(context) : NO_MESSAGES
  },
})

export const commands = [listRunMessages]

async function messagesFor(context: OperationContext, { run_id, right }: z.output<typeof asked>) {
  const { postgres, signal } = context
  const [status, table] = await postgres.run(
    async db => [await runStatus(db, run_id), await tableOf(db)] as const,
    signal,
  )
  const running = isRunning({ status })
  if (table === undefined) return { data: [], kept: false, left_out: 0, running }
  if (!table.readable) throw new DeckError("unavailable", NO_RIGHT, { denied: true })
  const { runId } = await rightFor(context, run_id, "messages", right)
  const found = await postgres.run(db => messagesOf(db, runId, table.columns), signal)
  const data = found.filter(({ is_beyond }) => !is_beyond).map(({ is_beyond: _, ...message }): RunMessage => message)
  return { data: data.reverse(), kept: true, left_out: found.length - data.length, running }
}

const NO_RIGHT = "this role may not read messages: grant what `opsdeck doctor --grants --with-messages` prints"

const tableOf = async (db: Kysely<Tables>): Promise<PresentTable | undefined> =>
  (await columnsPresent(db, ["messages"])).get("messages")

/**
 * The newest messages of the thread up to the end of the run, and those of the run itself that came after it, the newest first.
 * Of deployments that lack a column it is not asked; the content of the messages that are too much together is left out.
 */
async function messagesOf(db: Kysely<Tables>, runId: string, columns: ReadonlySet<string>) {
  const has = (column: string) => columns.has(column)
  const ofRun = has("metadata_json") ? sql`message.metadata_json ->> 'run_id'` : sql`null::text`
  const orgId = sql.ref("org_id")
  const uuid = sql.lit("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
  const { rows } = await sql<RunMessage & { is_beyond: boolean }>`
    select id, role, case when is_beyond then '' else content end as content,
      case when of_run ~* ${uuid} then lower(of_run) end as run_id, created_at, created_by_user_id, is_beyond
    from (
      select *, sum(octet_length(content)) over (order by created_at desc, id desc) - octet_length(content) >= ${MOST_BYTES}
        as is_beyond
      from (
        select message.id, role, content, ${ofRun} as of_run, message.created_at,
          ${has("created_by_user_id") ? sql`message.created_by_user_id` : sql`null::uuid as created_by_user_id`}
        from messages as message, (
          select thread_id, ${orgId} as org, coalesce(completed_at, failed_at, case when status not in ('running', 'cancelling')
            then status_updated_at end, 'infinity') as ended
          from runs where id = ${runId}
        ) as run
        where message.thread_id = run.thread_id ${has("org_id") || has("account_id") ? sql`and message.${orgId} = run.org` : sql``}
          and (message.created_at <= run.ended or ${ofRun} = ${runId})
          ${has("hidden") ? sql`and not hidden` : sql``} ${has("deleted_at") ? sql`and message.deleted_at is null` : sql``}
        order by message.created_at desc, message.id desc limit ${MOST_MESSAGES}
      ) as newest
    ) as counted
    order by created_at desc, id desc`.execute(db)
  return rows
}
