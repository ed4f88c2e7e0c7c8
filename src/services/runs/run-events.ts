import { setTimeout } from "node:timers/promises"
import { type Kysely, sql } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { isRunning } from "../../domain/run.ts"
import { type RunEvent, runEvent, runEventsFollowed, runEventsQuery } from "../../domain/run-event-query.ts"
import { defineFeed, defineOperation, type OperationContext } from "../operation.ts"
import { dataWithoutContent } from "./event-data.ts"
import { LateEvents } from "./late-events.ts"
import { contentRight, rightFor } from "./run-content.ts"
import { lowestSeq, runStatus } from "./run-status.ts"

/** Most bytes of content that a page has: an event may be a megabyte. The first event is always there. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Contract, section 2: `runs events`. With content it is recorded, or brings the right to it. Throws DeckError `not_found` for a
 * run that does not exist, and what `ContentRight.record` throws.
 */
export const listRunEvents = defineOperation({
  words: ["runs", "events"],
  summary: "the events of one run, oldest first, without what users wrote",
  input: runEventsQuery.extend({ right: contentRight }),
  answer: z.object({ data: z.array(runEvent), next_after: z.bigint().optional() }),
  contract: { input: runEventsQuery, answer: z.object({ data: z.array(runEvent), next_after: z.bigint().optional() }) },
  run: async (context, { run_id, type, after = -1n, limit, content, right }) => {
    const { postgres, signal } = context
    const isWhole = content === true || right !== undefined
    if (isWhole) await rightFor(context, run_id, "events", right)
    return postgres.run(async db => {
      await runStatus(db, run_id)
      const events = (isWhole ? wholeEvents : eventsOf)(db, run_id, type)
        .where("seq", ">", String(after))
        .limit(limit + 1)
      const found = await (isWhole ? withinBytes(db, events) : events).execute()
      const data = found
        .filter(event => !("is_beyond" in event && event.is_beyond))
        .slice(0, limit)
        .map(toEvent)
      const last = data.at(-1)
      return { data, ...(found.length > data.length && last && { next_after: last.seq }) }
    }, signal)
  },
})

/** How long it waits before it looks again, in ms. */
const POLL_MS = 500
const EVENTS_A_QUERY = 200
const WHOLE_EVENTS_A_QUERY = 10

/** Item of `runs events --follow`: an event, or for people a note on the connection. */
type FollowedEvent = RunEvent | { readonly event: "note"; readonly message: string }

/**
 * Contract, section 2: `runs events --follow`. Ends once the run has. PostgreSQL out of reach later is a note, and it goes on.
 * Throws DeckError `not_found` for a run that does not exist.
 */
export const followRunEvents = defineFeed({
  words: ["runs", "events"],
  summary: "the events of one run as they are added, until it has ended",
  follows: "keep printing the events that are added, until the run has ended",
  input: runEventsFollowed,
  async *follow(context, { run_id, type, after = -1n, content = false }): AsyncGenerator<FollowedEvent> {
    if (content) await rightFor(context, run_id, "events", undefined)
    const late = new LateEvents(after)
    let trouble = ""
    for (let isFirst = true; ; isFirst = false) {
      try {
        const running = yield* newEvents(context, { run_id, type, content }, late)
        if (!running) return
        trouble = ""
      } catch (error) {
        if (isFirst || !(error instanceof DeckError) || error.code !== "unavailable") throw error
        if (error.message !== trouble) yield { event: "note", message: `${error.message}; trying again` }
        trouble = error.message
      }
      await setTimeout(POLL_MS, undefined, { signal: context.signal })
    }
  },
})

export const commands = [listRunEvents, followRunEvents]

/** Gives the events that were not given yet, and answers whether the run went on before they were read. */
async function* newEvents(
  { postgres, signal }: OperationContext,
  { run_id, type, content }: { run_id: string; type: string | undefined; content: boolean },
  late: LateEvents,
): AsyncGenerator<RunEvent, boolean> {
  // In this order: whatever a run wrote before its end is read after its end was seen.
  const { status, lowest } = await postgres.run(
    async db => ({ status: await runStatus(db, run_id), lowest: await lowestSeq(db, run_id) }),
    signal,
  )
  late.isInOrder = lowest === null || lowest === 1n
  const seqs = await postgres.run(
    db => seqsOf(db, run_id, type).where("seq", ">", String(late.from())).execute(),
    signal,
  )
  const wanted = late.missing(seqs.map(({ seq }) => BigInt(seq)))
  const [step, read] = content ? [WHOLE_EVENTS_A_QUERY, wholeEvents] : [EVENTS_A_QUERY, eventsOf]
  for (let at = 0; at < wanted.length; at += step) {
    const some = wanted.slice(at, at + step).map(String)
    const events = await postgres.run(
      db => read(db, run_id, type).where("seq", "=", sql<string>`any(${some}::bigint[])`).execute(),
      signal,
    )
    for (const event of events.map(toEvent)) {
      yield event
      late.give(event.seq)
    }
  }
  return isRunning({ status })
}

const seqsOf = (db: Kysely<Tables>, runId: string, type: string | undefined) =>
  db
    .selectFrom("run_events")
    .select("seq")
    .where("run_id", "=", runId)
    .$if(type !== undefined, query => query.where(sql<boolean>`starts_with(${sql.ref("type")}, ${type})`))
    .orderBy("seq")

const eventsOf = (db: Kysely<Tables>, runId: string, type: string | undefined) =>
  seqsOf(db, runId, type).select(["ts", "type", "tool_name", "error_class", dataWithoutContent.as("data")])

/** Events with what users wrote: whoever calls this has the right to it. */
const wholeEvents = (db: Kysely<Tables>, runId: string, type: string | undefined) =>
  seqsOf(db, runId, type).select(["ts", "type", "tool_name", "error_class", sql<unknown>`data_json`.as("data")])

/** Says of each event whether it is beyond what a page may hold, and then leaves its data out. */
const withinBytes = (db: Kysely<Tables>, events: ReturnType<typeof wholeEvents>) =>
  db
    .selectFrom(
      db
        .selectFrom(events.as("event"))
        .selectAll()
        .select(
          sql<boolean>`sum(octet_length(data::text)) over (order by seq) - octet_length(data::text) >= ${MOST_BYTES}`.as(
            "is_beyond",
          ),
        )
        .as("counted"),
    )
    .select(["seq", "ts", "type", "tool_name", "error_class", "is_beyond"])
    .select(sql<unknown>`case when not is_beyond then data end`.as("data"))
    .orderBy("seq")

const toEvent = ({ seq, ...event }: Omit<RunEvent, "seq"> & { seq: string }): RunEvent => ({
  seq: BigInt(seq),
  ts: event.ts,
  type: event.type,
  tool_name: event.tool_name,
  error_class: event.error_class,
  data: event.data,
})
