import { RUN_ENDS } from "./run-end.ts"

/** Types of the events that are pieces of a stream, thousands a run: counted, never read one by one (contract, section 8). */
export const PIECE_TYPES = ["message.delta", "tool.call.delta", "llm.response.chunk"] as const

/** What the timeline needs of an event that is no piece. */
export interface TimelineEvent {
  readonly seq: bigint
  readonly ts: string
  readonly type: string
  readonly tool_name: string | null
  readonly error_class: string | null
  /** What ties two events together: the id of a call of the model or of a tool, of a question or of a segment. */
  readonly call: string | null
  /** Message or reason, cut. */
  readonly message: string | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  /** Millionths of the currency, which is US dollars in all that the platform writes. */
  readonly cost_micros: number | null
}

/** Part of a run: from one event to another, or at one. Untrusted texts are as they came. */
export interface TimelineRow {
  readonly kind: "turn" | "tool" | "wait" | "segment" | "event"
  /** What ties its events together, as in these. */
  readonly call: string | null
  /** Number of a turn from 1, name of a tool, or type of an event. */
  readonly name: string
  /** Numbers of the events that it is made of, one or two. */
  readonly seqs: readonly bigint[]
  /** Milliseconds since the epoch. */
  readonly begin: number
  /** Undefined while it goes on; `begin` for what has no duration. */
  readonly end: number | undefined
  readonly outcome: "plain" | "failed" | "repeated"
  /** Class of the error, and message or reason. */
  readonly note: string
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cost_micros: number | null
}

type Draft = { -readonly [Key in keyof TimelineRow]: TimelineRow[Key] }

/** Begins something with a duration. */
const BEGINS: Readonly<Record<string, TimelineRow["kind"]>> = {
  "llm.request": "turn",
  "tool.call": "tool",
  "run.input_requested": "wait",
  "run.segment.start": "segment",
}
/** Ends something of this kind. */
const ENDS: Readonly<Record<string, TimelineRow["kind"]>> = {
  "llm.turn.completed": "turn",
  "tool.result": "tool",
  "run.input_provided": "wait",
  "run.segment.end": "segment",
}
/** Ends the present attempt of the model, which another one follows. */
const REPEATS: readonly string[] = ["run.llm.retry", "run.provider_fallback"]

const isEnd = (type: string) => (RUN_ENDS as readonly string[]).includes(type)

/**
 * Makes the rows of a timeline from a run's events, oldest first and without pieces. An event of an unknown type, and one
 * whose other half is missing, is a row of its own.
 */
export function timelineRows(events: readonly TimelineEvent[]): TimelineRow[] {
  const rows: Draft[] = []
  const open = new Set<Draft>()
  let turns = 0
  const lastOpen = (kind: TimelineRow["kind"], call: string | null) =>
    [...open].findLast(row => row.kind === kind && (call === null || row.call === null || row.call === call))
  const close = (row: Draft, event: TimelineEvent) => {
    open.delete(row)
    row.end = Math.max(row.begin, Date.parse(event.ts))
  }
  for (const event of events) {
    const kind = BEGINS[event.type]
    if (kind !== undefined) {
      // A model is asked again where nothing says that the attempt before has ended.
      const before = kind === "turn" ? lastOpen("turn", null) : undefined
      if (before) close(before, event)
      if (kind === "turn") turns += 1
      const row = draftOf(event, kind, nameOf(event, kind, turns))
      rows.push(row)
      open.add(row)
      continue
    }
    const ended = ENDS[event.type]
    const row = ended && lastOpen(ended, event.call)
    if (row) {
      close(row, event)
      complete(row, event)
      if (ended === "tool") answer(open, event, close)
      continue
    }
    if (REPEATS.includes(event.type)) {
      const attempt = lastOpen("turn", null)
      if (attempt) {
        close(attempt, event)
        attempt.outcome = "repeated"
      }
    }
    if (isEnd(event.type)) {
      for (const still of [...open]) {
        close(still, event)
        if (event.type === "run.failed" && still.kind === "turn") still.outcome = "failed"
      }
    }
    rows.push({ ...draftOf(event, "event", event.type), end: Date.parse(event.ts), outcome: outcomeOf(event) })
  }
  return rows
}

/** A question to the user that ran out of time, or was refused, ends with the result of the tool that asks. */
function answer(open: ReadonlySet<Draft>, event: TimelineEvent, close: (row: Draft, event: TimelineEvent) => void) {
  const asked = [...open].find(row => row.kind === "wait" && row.call !== null && row.call === event.call)
  if (asked) close(asked, event)
}

function nameOf(event: TimelineEvent, kind: TimelineRow["kind"], turns: number): string {
  if (kind === "turn") return String(turns)
  return kind === "tool" ? (event.tool_name ?? "") : event.type
}

const draftOf = (event: TimelineEvent, kind: TimelineRow["kind"], name: string): Draft => ({
  kind,
  name,
  call: event.call,
  seqs: [event.seq],
  begin: Date.parse(event.ts),
  end: undefined,
  outcome: "plain",
  note: noteOf(event),
  input_tokens: event.input_tokens,
  output_tokens: event.output_tokens,
  cost_micros: event.cost_micros,
})

function complete(row: Draft, event: TimelineEvent): void {
  row.seqs = [...row.seqs, event.seq]
  row.name ||= event.tool_name ?? ""
  row.note = noteOf(event) || row.note
  if (event.error_class !== null) row.outcome = "failed"
  row.input_tokens = event.input_tokens
  row.output_tokens = event.output_tokens
  row.cost_micros = event.cost_micros
}

const noteOf = ({ error_class, message }: TimelineEvent) => [error_class, message].filter(Boolean).join(": ")

function outcomeOf({ type, error_class }: TimelineEvent): TimelineRow["outcome"] {
  if (REPEATS.includes(type)) return "repeated"
  return type === "run.failed" || error_class !== null ? "failed" : "plain"
}
