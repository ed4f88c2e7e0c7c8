import { z } from "zod"
import { id, limit, text } from "./fields.ts"

/** An event of a run (contract, sections 2 and 8). What users wrote is in its data as a size: `{"bytes": 1234}`, unless content was asked for. */
export const runEvent = z.object({
  /** Rises within a run, not always by one. */
  seq: z.bigint(),
  ts: z.string(),
  type: z.string(),
  tool_name: z.string().nullable(),
  error_class: z.string().nullable(),
  data: z.unknown(),
})
export type RunEvent = z.infer<typeof runEvent>

const NO_SEQ = "must be a whole number, 0 or more"

/** A number of an event. */
const seq = z.preprocess(
  value => (/^\d{1,18}$/.test(String(value)) ? BigInt(String(value)) : value),
  z.bigint(NO_SEQ).min(0n, NO_SEQ),
)

/** What is asked of the events of a run, followed or read once. */
export const runEventsFeed = z.object({
  run_id: id.meta({ label: "the id of the run", positional: true }),
  type: text.optional().meta({ label: "only types that begin with this text: tool." }),
  after: seq.optional().meta({ label: "only events after the one with this seq", placeholder: "SEQ" }),
})

const content = z
  .boolean()
  .optional()
  .meta({ label: "with prompts, answers, arguments and results; that you read them is recorded" })

/** Input of `runs events --follow`. */
export const runEventsFollowed = runEventsFeed.extend({ content })

/** Input of `runs events`. */
export const runEventsQuery = runEventsFollowed.extend({ limit })

/** Members of an event's data that hold what users wrote or were answered, in events of any type. */
export const CONTENT_MEMBERS = [
  "payload",
  "input",
  "assistant_message",
  "arguments",
  "result",
  "content_delta",
  "arguments_delta",
  "raw",
  "json",
  "content",
] as const

/** Members that do so in events of one type. */
export const CONTENT_MEMBERS_OF = { "run.input_requested": ["message", "requestedSchema"] } as const
