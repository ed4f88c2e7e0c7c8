import { z } from "zod"
import { isOf, isOfLog, parseAlertRule } from "../../domain/alerts/alert-rule.ts"
import { ALERT_PHASES, alertFigure, type PhasedState } from "../../domain/alerts/rule-watch.ts"
import { DeckError } from "../../domain/errors.ts"
import { text } from "../../domain/fields.ts"
import { defineFeed } from "../operation.ts"
import { merged } from "./merged.ts"
import { watchedLog } from "./watched-log.ts"
import { watchedQueue, watchedRecorder } from "./watched-looks.ts"

/** A rule whose state is another one now. */
const watchLine = z.object({
  ts: z.string(),
  state: z.enum(ALERT_PHASES),
  /** With its unit; null where there is too little to tell. */
  figure: z.string().nullable(),
  /** The same as a number, in that unit. */
  amount: z.number().nullable().meta({ detail: true }),
  /** Of the rule's dimension: an address; null where all is measured together. */
  value: z.string().nullable(),
  rule: z.string(),
})

/** Item of `watch`; a note is for people, beside the answer. */
type WatchItem = z.infer<typeof watchLine> | { readonly event: "note"; readonly message: string }

/** Contract, section 10: `watch`. Throws DeckError, `alert` when one of the rules fires. */
export const watchAlerts = defineFeed({
  words: ["watch"],
  summary: "wait for alerts of the log, the queue and the recorder: a line a change, and status 7 once one fires",
  input: z.object({
    alerts: z.array(text).min(1).meta({
      label: "a rule, such as 'queue age > 60s', 'workers < 1', 'record lag > 60s' or 'error% > 5 for 30s'",
      placeholder: "RULE",
    }),
  }),
  item: watchLine,
  async *follow(context, { alerts }): AsyncGenerator<WatchItem> {
    const rules = alerts.map(parseAlertRule)
    const [ofLog, ofQueue] = [rules.filter(isOfLog), rules.filter(isOf("queue"))]
    const ofRecorder = rules.filter(isOf("recorder"))
    const ending = new AbortController()
    const within = { ...context, signal: AbortSignal.any([context.signal, ending.signal]) }
    const sources = [
      ...(ofLog.length > 0 ? [watchedLog(within, ofLog)] : []),
      ...(ofQueue.length > 0 ? [watchedQueue(within, ofQueue)] : []),
      ...(ofRecorder.length > 0 ? [watchedRecorder(within, ofRecorder)] : []),
    ]
    const told = new Map<string, PhasedState["phase"]>()
    try {
      for await (const watched of merged(sources)) {
        if (typeof watched === "string") {
          yield { event: "note", message: watched }
          continue
        }
        for (const state of watched.filter(({ rule, phase }) => told.get(rule) !== phase)) {
          told.set(state.rule, state.phase)
          yield lineOf(state)
        }
        const fired = watched.find(({ phase }) => phase === "firing")
        if (fired) throw new DeckError("alert", `alert: ${fired.rule} (${alertFigure(fired)})`)
      }
    } finally {
      ending.abort()
    }
  },
})

export const commands = [watchAlerts]

const lineOf = ({ rule, phase, figure, amount, of }: PhasedState): WatchItem => ({
  ts: new Date().toISOString(),
  state: phase,
  figure,
  amount,
  value: of === "" ? null : of,
  rule,
})
