import type { RunMessage } from "../../../domain/run-message.ts"
import { NO_MESSAGES } from "../../../domain/run-message.ts"
import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { listRunMessages } from "../../../services/runs/run-messages.ts"
import type { Destinations } from "../../kit/destinations.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { link } from "../../kit/detail/detail-fields.ts"
import { type DetailLine, MARGIN, textLine } from "../../kit/detail/detail-lines.ts"
import type { Section } from "../../kit/detail/detail-section.ts"
import { dateTimeFromNow, grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"
import { unlock } from "./content.ts"

/** That the content of a run was unlocked: all of it that is copied or shared. */
interface Unlocked {
  readonly run_id: string
  /** Of the row in the audit log. */
  readonly trace_id: string
}

interface Messages {
  readonly data: readonly RunMessage[]
  readonly kept: boolean
  readonly left_out: number
  readonly running: boolean
}

/** Bytes of a line, and lines of a message, that are shown. */
const LONGEST_LINE = 64 * 1024
const MOST_LINES = 1_000

/** The messages are no part of the subject: what is copied from this screen is the subject. */
const messagesSection: Section<Unlocked> = {
  heading: shown`Messages`,
  source: {
    input: ({ run_id }) => ({ run_id }),
    read: async (deck, input, signal) => {
      const { run_id } = input as Destinations["runMessages"]
      return deck.run(listRunMessages, { run_id, right: await unlock(deck, run_id, signal) }, { signal })
    },
  },
  lines: (value, { run_id }, columns) => {
    const messages = value as Messages
    const kept = drawn.get(messages)
    if (kept?.columns === columns) return kept.lines
    const lines = messageLines(messages, run_id, columns)
    drawn.set(messages, { columns, lines })
    return lines
  },
}

/** A megabyte of text is wrapped once, not with every tick of the clock. */
const drawn = new WeakMap<Messages, { columns: number; lines: readonly DetailLine[] }>()

function messageLines({ data, kept, left_out, running }: Messages, runId: string, columns: number): DetailLine[] {
  const room = columns - 2 * width(MARGIN)
  const said = (text: Shown) => textLine(piece(text, "dim"))
  if (!kept) return [said(show(NO_MESSAGES))]
  if (data.length === 0) return [said(running ? shown`none so far` : shown`none up to the end of the run`)]
  return [
    ...(left_out > 0 ? [said(shown`${grouped(left_out)} older ones are too long to be read with these`)] : []),
    ...data.flatMap((message, index) => [
      ...(index > 0 ? [textLine()] : []),
      headLine(message, runId),
      ...contentLines(message.content).flatMap(line => wrap(line, room).map(text => textLine(piece(text)))),
    ]),
  ]
}

function headLine({ id, role, run_id, created_at, created_by_user_id: by }: RunMessage, runId: string): DetailLine {
  const whose = run_id === null ? shown`` : run_id === runId ? shown`  of this run` : shown`  of run ${show(run_id)}`
  const line = textLine(piece(show(role, 64), "key"), piece(shown`  ${dateTimeFromNow(created_at)}${whose}`, "dim"))
  return by === null ? line : { ...line, key: id, open: shell => shell.open("user", { id: by }) }
}

function contentLines(content: string): Shown[] {
  const lines = content.split(/\r?\n/)
  const left = lines.length - MOST_LINES
  const shownLines = lines.slice(0, MOST_LINES).map(line => show(line, LONGEST_LINE))
  return left > 0 ? [...shownLines, shown`… ${grouped(left)} lines more: opsdeck runs messages has them`] : shownLines
}

/** Screen of what was written in a run. Opening it is recorded, once for each run and sign-in. */
export const runMessagesScreen = defineDetail<Destinations["runMessages"], Unlocked>({
  id: "run-messages",
  title: "Messages of run",
  summary: "what was written in the thread of a run up to its end; that you read it is recorded",
  source: {
    input: params => params,
    read: async (deck, input, signal) => {
      const { run_id } = input as Destinations["runMessages"]
      const { traceId } = await unlock(deck, run_id, signal)
      return { run_id, trace_id: traceId }
    },
  },
  name: ({ run_id }) => [piece(show(run_id), "strong")],
  fields: ({ run_id, trace_id }) => [
    link(shown`run`, run_id, null, (run_id, shell) => shell.open("run", { run_id })),
    {
      label: shown`recorded`,
      value: shown`runs.messages_read in the audit log, trace ${show(trace_id)}`,
      copyable: trace_id,
      open: shell => shell.open("auditOf", { target_id: run_id }),
    },
    {
      label: shown`events`,
      value: shown`show prompts, answers, arguments and results of this run now, until you leave opsdeck`,
    },
  ],
  sections: [messagesSection],
})
