import { setTimeout as wait } from "node:timers/promises"
import type { AlertRule } from "../../domain/alerts/alert-rule.ts"
import { QueueAlerts } from "../../domain/alerts/queue-alerts.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { QUEUE_EVERY_MS, untilNextLook } from "../../domain/queue.ts"
import { steadyNow } from "../../domain/steady-now.ts"
import { linkNotes } from "../link-notes.ts"
import type { OperationContext } from "../operation.ts"
import { takeQueuePulse } from "../queue.ts"
import type { Watched } from "./watched-log.ts"

const NO_QUEUE =
  "this platform keeps no queue to watch, or the role may not read jobs and worker_registrations: see doctor --grants"

/** States of the rules of the queue, which is looked at every `everyMs`. Throws DeckError "not_found" without a queue. */
export async function* watchedQueue(
  context: OperationContext,
  rules: readonly AlertRule[],
  everyMs = QUEUE_EVERY_MS,
): AsyncGenerator<Watched> {
  const { signal } = context
  const alerts = new QueueAlerts()
  alerts.setRules(rules)
  const link = linkNotes("PostgreSQL")
  while (!signal.aborted) {
    const began = steadyNow()
    try {
      const { pulse } = await takeQueuePulse.run(context, {})
      if (pulse === null) throw new DeckError("not_found", NO_QUEUE)
      const said = link.connected()
      if (said !== undefined) yield said
      alerts.look(pulse, began)
      yield alerts.phased
    } catch (error) {
      const said = link.lost(passing(error).message)
      if (said !== undefined) yield said
    }
    await wait(untilNextLook(steadyNow() - began, everyMs), undefined, { signal }).catch(() => {})
  }
}

/** What may be over at the next look. Throws anything else. */
function passing(error: unknown): DeckError {
  const failure = asDeckError(error)
  if (failure.code !== "unavailable" || failure.denied) throw failure
  return failure
}
