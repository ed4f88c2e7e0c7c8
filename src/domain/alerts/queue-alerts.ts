import type { QueuePulse } from "../queue.ts"
import { type AlertRule, isOfQueue, type QueueRule } from "./alert-rule.ts"
import { queueFigureOf } from "./measure.ts"
import { type AlertChange, type AlertState, type PhasedState, type RuleWatch, watchesOf } from "./rule-watch.ts"

/** Alerts of the platform's queue, judged at each look at it. Times are the caller's, in ms since the epoch. */
export class QueueAlerts {
  private watches: readonly RuleWatch<QueueRule>[] = []

  /** Replaces the rules by those of the queue; duplicates count once, and rules that were set already keep their state. */
  setRules(rules: readonly AlertRule[]): void {
    this.watches = watchesOf(rules.filter(isOfQueue), this.watches)
  }

  get states(): readonly AlertState[] {
    return this.watches.map(watch => watch.state)
  }

  get phased(): readonly PhasedState[] {
    return this.watches.map(watch => watch.phased)
  }

  /** Judges the queue as it is at `now`; returns what that changed. */
  look(pulse: QueuePulse, now: number): readonly AlertChange[] {
    const second = Math.floor(now / 1000)
    return this.watches.flatMap(watch => {
      const figure = queueFigureOf(watch.rule.metric, pulse)
      return watch.judge([{ value: "", figure }], second) ?? []
    })
  }
}
