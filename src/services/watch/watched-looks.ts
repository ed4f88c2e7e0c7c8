import { setTimeout as wait } from "node:timers/promises"
import { placeOf } from "../../config/history.ts"
import type { AlertRule } from "../../domain/alerts/alert-rule.ts"
import { type LookAlerts, queueAlerts, recorderAlerts } from "../../domain/alerts/look-alerts.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { untilNextLook } from "../../domain/queue.ts"
import type { RecorderPulse } from "../../domain/record-status.ts"
import { steadyNow } from "../../domain/steady-now.ts"
import { takeRecorderPulse } from "../history/record-status.ts"
import { linkNotes } from "../link-notes.ts"
import type { OperationContext } from "../operation.ts"
import { takeQueuePulse } from "../queue.ts"
import type { Watched } from "./watched-log.ts"

const NO_QUEUE =
  "this platform keeps no queue to watch, or the role may not read jobs and worker_registrations: see doctor --grants"

/** States of the rules of the queue. Throws DeckError "not_found" without a queue. */
export const watchedQueue = (context: OperationContext, rules: readonly AlertRule[]) =>
  watchedLooks(context, rules, queueAlerts(), "PostgreSQL", async () => {
    const { pulse } = await takeQueuePulse.run(context, {})
    if (pulse === null) throw new DeckError("not_found", NO_QUEUE)
    return pulse
  })

/** States of the rules of the recorder. Throws DeckError "not_found" where nothing was ever recorded. */
export const watchedRecorder = (context: OperationContext, rules: readonly AlertRule[]) =>
  watchedLooks(context, rules, recorderAlerts(), "the history", (): Promise<RecorderPulse> => pulseOfRecorder(context))

async function pulseOfRecorder({ history, redis }: OperationContext): Promise<RecorderPulse> {
  const place = history?.place
  const pulse = place && (await takeRecorderPulse(place, redis.gateways))
  if (pulse !== undefined) return pulse
  const where = place === undefined ? "" : ` into ${placeOf(place)}`
  throw new DeckError("not_found", `nothing has been recorded${where}, so there is no lag: start opsdeck record`)
}

/** Looks every few seconds; while what is looked at is out of reach, it says so once. */
async function* watchedLooks<Look, Source extends "queue" | "recorder">(
  { signal }: OperationContext,
  rules: readonly AlertRule[],
  alerts: LookAlerts<Look, Source>,
  place: string,
  look: () => Promise<Look>,
): AsyncGenerator<Watched> {
  alerts.setRules(rules)
  const link = linkNotes(place)
  while (!signal.aborted) {
    const began = steadyNow()
    try {
      const seen = await look()
      const said = link.connected()
      if (said !== undefined) yield said
      alerts.look(seen, began)
      yield alerts.phased
    } catch (error) {
      const said = link.lost(passing(error).message)
      if (said !== undefined) yield said
    }
    await wait(untilNextLook(steadyNow() - began), undefined, { signal }).catch(() => {})
  }
}

/** What may be over at the next look. Throws anything else. */
function passing(error: unknown): DeckError {
  const failure = asDeckError(error)
  if (failure.code !== "unavailable" || failure.denied) throw failure
  return failure
}
