import { z } from "zod"
import { type RunEvent, runEvent } from "../../../domain/run-event-query.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { listRunEvents } from "../../../services/runs/run-events.ts"
import type { Destinations } from "../../kit/destinations.ts"
import type { Field } from "../../kit/detail/detail-fields.ts"
import { defineJsonDetail } from "../../kit/json/json-detail.tsx"
import { dateTime } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"

/** What is copied: the events without what users wrote. */
const copied = z.object({ run_id: z.string(), events: z.array(runEvent) })

/** The events behind a row of a timeline: that which began it, and that which ended it. */
interface Events {
  readonly run_id: string
  readonly events: readonly RunEvent[]
  /** The same with what users wrote, where that was unlocked: shown, and never copied. */
  readonly whole?: readonly RunEvent[]
}

/** Screen of one event of a run, or of the two that belong together; what users wrote is there once it was unlocked. */
export const runEventScreen = defineJsonDetail<Destinations["runEvent"], Events>({
  id: "run-event",
  title: "Event",
  summary:
    "one event of a run with its data, which folds; what users wrote is shown by its size, unless M on the run unlocked it",
  source: {
    input: params => params,
    read: async (deck, input, signal) => {
      const { run_id, seqs, right } = input as Destinations["runEvent"]
      const read = async (more: object) => {
        const one = (seq: string) =>
          deck.run(listRunEvents, { run_id, ...justBefore(seq), limit: 1, ...more }, { signal })
        return (await Promise.all(seqs.map(one))).flatMap(({ data }) => data)
      }
      return { run_id, events: await read({}), ...(right && { whole: await read({ right }) }) }
    },
  },
  command: { operation: { words: listRunEvents.words, input: listRunEvents.input, answer: copied } },
  name: ({ events }) => [piece(show(events.map(({ type }) => type).join(" … ")), "strong")],
  fields: eventFields,
  parts: ({ events, whole }) =>
    events.map((event, index) => ({
      title: `${event.type}  ${dateTime(event.ts, true)}  seq ${event.seq}`,
      value: whole?.[index]?.data ?? event.data,
      record: event,
      isOnlyShown: whole !== undefined,
    })),
})

const justBefore = (seq: string) => (seq === "0" ? {} : { after: String(BigInt(seq) - 1n) })

function eventFields({ run_id, events }: Events): Field[] {
  const field = (label: Shown, value: string | null | undefined, tone: Tone = "plain"): Field[] =>
    value ? [{ label, value: show(value), tone }] : []
  return [
    { label: shown`run`, value: show(run_id) },
    ...field(shown`tool`, events[0]?.tool_name),
    ...field(shown`error`, events.find(({ error_class }) => error_class !== null)?.error_class, "act"),
  ]
}
