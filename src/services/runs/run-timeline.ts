import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { runEventsFeed } from "../../domain/run-event-query.ts"
import { PIECE_TYPES, type TimelineEvent } from "../../domain/run-timeline.ts"
import { defineOperation } from "../operation.ts"
import { lowestSeq, runStatus } from "./run-status.ts"

/** Part of the timeline of a run: its events but for pieces, which are counted. */
export interface TimelinePage {
  readonly events: readonly TimelineEvent[]
  /** Pieces by the number of the event before them that is none; in the last part also those after all of these. */
  readonly pieces: ReadonlyMap<bigint, number>
  /** Whether there are further events. */
  readonly more: boolean
  /** Whether events come in the order of their numbers: else a lower one may appear later. */
  readonly inOrder: boolean
  /** Time of the reading by the server's clock, ms since the epoch. */
  readonly readAt: number
}

/** Events of a part: what one reading of a long run costs is bounded. */
export const TIMELINE_PAGE = 500

/** What the timeline shows of a run's events after `after`. No command of its own. Throws DeckError `not_found`. */
export const readRunTimeline = defineOperation({
  words: ["runs", "timeline"],
  summary: "what a run did, for its timeline",
  input: runEventsFeed.omit({ type: true }),
  answer: z.custom<TimelinePage>(),
  run: ({ postgres, signal }, { run_id, after = -1n }) =>
    postgres.run(async db => {
      await runStatus(db, run_id)
      const found = await timelineEvents(db, run_id, after)
      const events = found.slice(0, TIMELINE_PAGE)
      const more = found.length > TIMELINE_PAGE
      const lowest = await lowestSeq(db, run_id)
      const upTo = more ? (events.at(-1) as TimelineEvent).seq : undefined
      const { rows } = await sql<{ now: string }>`select extract(epoch from clock_timestamp()) * 1000 as now`.execute(
        db,
      )
      return {
        events,
        pieces: await countPieces(db, run_id, [after, ...events.map(({ seq }) => seq)], upTo),
        more,
        inOrder: lowest === null || lowest === 1n,
        readAt: Number(rows[0]?.now),
      }
    }, signal),
})

/** Characters of a message that a row of the timeline can show. */
const MESSAGE_CHARACTERS = 300

/** The members of `data_json` that the timeline reads, taken out of it at once: it may be a megabyte, unpacked each time. */
const MEMBERS = sql`jsonb_to_record(case when jsonb_typeof(data_json) = 'object' then data_json else '{}' end) as member(
  llm_call_id text, tool_call_id text, request_id text, segment_id text, error jsonb, error_class text, message text,
  reason text, usage jsonb, cost jsonb)`

async function timelineEvents(db: Kysely<Tables>, runId: string, after: bigint): Promise<TimelineEvent[]> {
  const { rows } = await sql<Omit<TimelineEvent, "seq"> & { seq: string }>`
    select seq, ts, type, event.tool_name,
      left(coalesce(event.error_class, member.error_class, ${textOf("error", "error_class")}), ${MESSAGE_CHARACTERS}) as error_class,
      left(coalesce(llm_call_id, tool_call_id, request_id, segment_id), ${MESSAGE_CHARACTERS}) as call,
      case when type <> 'run.input_requested' then
        left(coalesce(${textOf("error", "message")}, message, reason), ${MESSAGE_CHARACTERS}) end as message,
      ${numberOf("usage", "input_tokens")} as input_tokens, ${numberOf("usage", "output_tokens")} as output_tokens,
      ${numberOf("cost", "amount_micros")} as cost_micros
    from (
      select seq, ts, type, tool_name, error_class, data_json from run_events
      where run_id = ${runId} and seq > ${String(after)} and ${isPiece(false)}
      order by seq limit ${TIMELINE_PAGE + 1}
    ) as event, lateral ${MEMBERS}
    order by seq`.execute(db)
  return rows.map(({ seq, ...event }) => ({ ...event, seq: BigInt(seq) }))
}

const isPiece = (is: boolean): RawBuilder<SqlBool> =>
  sql`type ${sql.raw(is ? "in" : "not in")} (${sql.join([...PIECE_TYPES])})`

/** The text of a member of a member; null where there is none. */
const textOf = (name: string, member: string) => sql`${sql.ref(name)} ->> ${sql.lit(member)}`

/** A whole number that a double holds; null for anything else. */
function numberOf(name: string, member: string): RawBuilder<number | null> {
  const text = textOf(name, member)
  return sql`case when ${text} ~ '^[0-9]{1,15}$' then (${text})::float8 end`
}

/** Counts the pieces after each of the events `seqs`, up to the next one or, after the last, up to `upTo` or all. */
async function countPieces(
  db: Kysely<Tables>,
  runId: string,
  seqs: readonly bigint[],
  upTo: bigint | undefined,
): Promise<Map<bigint, number>> {
  const { rows } = await sql<{ at: number; count: number }>`
    select width_bucket(seq, ${seqs.map(String)}::bigint[]) as at, count(*)::float8 as count
    from run_events
    where run_id = ${runId} and seq > ${String(seqs[0])} and ${isPiece(true)}
      ${upTo === undefined ? sql`` : sql`and seq < ${String(upTo)}`}
    group by 1`.execute(db)
  return new Map(rows.map(({ at, count }) => [seqs[at - 1] as bigint, count]))
}
