import { z } from "zod"
import { type RunEvent, runEvent } from "../../../domain/run-event.ts"
import { show, shown, width } from "../../../domain/safe-text.ts"
import { listRunEvents } from "../../../services/runs/run-events.ts"
import type { Destinations } from "../../kit/destinations.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, given, link } from "../../kit/detail/detail-fields.ts"
import { type DetailLine, MARGIN, textLine } from "../../kit/detail/detail-lines.ts"
import { textSection } from "../../kit/detail/detail-section.ts"
import { dateTime } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"

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
export const runEventScreen = defineDetail<Destinations["runEvent"], Events>({
  id: "run-event",
  title: "Event",
  summary: "one event of a run with its data; what users wrote is shown by its size, unless M on the run unlocked it",
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
  sections: [
    textSection<Events, Events>({
      heading: shown`Data`,
      source: events => events,
      lines: ({ events, whole = events }, columns) =>
        whole.flatMap((event, index) => dataLines(event, index > 0, columns)),
    }),
  ],
})

const justBefore = (seq: string) => (seq === "0" ? {} : { after: String(BigInt(seq) - 1n) })

function eventFields({ run_id, events }: Events): Field[] {
  const [first] = events
  const failed = events.find(({ error_class }) => error_class !== null)
  return [
    link(shown`run`, run_id, null, (run_id, shell) => shell.open("run", { run_id })),
    { label: shown`tool`, value: given(first?.tool_name ?? null, show) },
    { label: shown`error`, value: given(failed?.error_class ?? null, show), tone: "act" },
  ]
}

/** Draws the type of an event, and its data as JSON over as many lines as it takes. */
function dataLines({ type, seq, ts, data }: RunEvent, isNext: boolean, columns: number): DetailLine[] {
  const room = columns - 2 * width(MARGIN)
  const json = JSON.stringify(data, null, 2).split("\n")
  return [
    ...(isNext ? [textLine()] : []),
    textLine(piece(show(type), "key"), piece(shown`  ${dateTime(ts, true)}  seq ${show(String(seq))}`, "dim")),
    ...json.flatMap(line => wrap(show(line, LONGEST_LINE), room)).map(text => textLine(piece(text))),
  ]
}

/** Bytes of a line that are shown: what is larger is a size already. */
const LONGEST_LINE = 64 * 1024
