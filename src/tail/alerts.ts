import { parseAlertRule } from "../domain/alerts/alert-rule.ts"
import { Alerts } from "../domain/alerts/alerts.ts"
import type { AlertChange, AlertState } from "../domain/alerts/rule-watch.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"
import type { Marker } from "./ring.ts"

/** The alerts of all that is read, whatever the filter; what begins and ends is a row of the log. */
export class TailAlerts {
  private readonly alerts = new Alerts()
  private readonly mark: (marker: Marker) => void

  constructor(mark: (marker: Marker) => void) {
    this.mark = mark
  }

  /** From now on these rules, which were checked already. */
  setRules(rules: readonly string[]): void {
    this.alerts.setRules(rules.map(parseAlertRule))
  }

  get states(): readonly AlertState[] {
    return this.alerts.states
  }

  /** Counts an entry; what changed before it stands before it. */
  accept(entry: StreamEntry): void {
    this.tell(this.alerts.accept(entry))
  }

  /** Nothing is left to be read at `nowMs` by the stream's clock. */
  tick(nowMs: number): void {
    this.tell(this.alerts.tick(nowMs))
  }

  restart(): void {
    this.alerts.restart()
  }

  private tell(changes: readonly AlertChange[]): void {
    for (const change of changes) this.mark({ kind: "alert", ...change })
  }
}
