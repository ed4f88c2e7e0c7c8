import { followLog } from "../../adapters/redis/follow-log.ts"
import type { AlertRule } from "../../domain/alerts/alert-rule.ts"
import { Alerts } from "../../domain/alerts/alerts.ts"
import type { PhasedState } from "../../domain/alerts/rule-watch.ts"
import { linkNotes } from "../link-notes.ts"
import { missingLog } from "../log-place.ts"
import type { OperationContext } from "../operation.ts"

/** States of the rules as they are now, or something to say beside them. */
export type Watched = readonly PhasedState[] | string

/** States of the rules of the log as it is read from now on; a beginning alert is the last thing that is read. */
export async function* watchedLog(context: OperationContext, rules: readonly AlertRule[]): AsyncGenerator<Watched> {
  const { redis, signal } = context
  const alerts = new Alerts()
  alerts.setRules(rules)
  const link = linkNotes("Redis")
  let looksEmpty = true
  for await (const event of followLog(redis.gateways, "end", signal)) {
    const said =
      event.kind === "connected"
        ? link.connected(event.gateway)
        : event.kind === "disconnected" && link.lost(event.reason, event.gateway)
    if (said) yield said
    if (event.kind === "reset" && event.gateway === undefined) alerts.restart()
    if (event.kind === "entries") {
      looksEmpty = false
      for (const entry of event.entries) if (alerts.accept(entry).length > 0) break
      yield alerts.phased
    }
    if (event.kind === "idle") {
      alerts.tick(event.now)
      yield alerts.phased
      const elsewhere = looksEmpty ? await missingLog(context).catch(() => undefined) : undefined
      if (elsewhere !== undefined) yield elsewhere
      looksEmpty = false
    }
  }
}
