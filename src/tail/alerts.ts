import { parseAlertRule } from "../domain/alerts/alert-rule.ts"
import { Alerts } from "../domain/alerts/alerts.ts"
import type { AlertChange, AlertState } from "../domain/alerts/rule-watch.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"
import type { Marker } from "./held.ts"

/** Alerts of everything read, whatever the filter; their beginnings and ends are rows of the log. */
export class TailAlerts {
  private readonly alerts = new Alerts()
  private readonly mark: (marker: Marker) => void

  constructor(mark: (marker: Marker) => void) {
    this.mark = mark
  }

  /** Replaces the rules by these, which were checked already. */
  setRules(rules: readonly string[]): void {
    this.alerts.setRules(rules.map(parseAlertRule))
  }

  get states(): readonly AlertState[] {
    return this.alerts.states
  }

  /** Counts an entry; the markers of what it changed come before it. */
  accept(entry: StreamEntry): void {
    this.tell(this.alerts.accept(entry))
  }

  /** Called when there is nothing left to read, at `nowMs` by the stream's time. */
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
