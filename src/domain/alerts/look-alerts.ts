import type { QueuePulse } from "../queue.ts"
import type { RecorderPulse } from "../record-status.ts"
import type { AlertRule, LookMetric, LookRule } from "./alert-rule.ts"
import { isOf } from "./alert-rule.ts"
import { QUEUE_FIGURES, RECORDER_FIGURES } from "./measure.ts"
import { type AlertChange, type AlertState, type PhasedState, type RuleWatch, watchesOf } from "./rule-watch.ts"

/** Alerts of what is looked at every few seconds, judged at each look. Times are the caller's, in ms since the epoch. */
export class LookAlerts<Look, Source extends "queue" | "recorder"> {
  private readonly source: Source
  private readonly figures: Readonly<Record<LookMetric<Source>, (look: Look) => number>>
  private watches: readonly RuleWatch<LookRule<Source>>[] = []

  /** `figures` are the measurements of what is seen, each in its metric's own unit. */
  constructor(source: Source, figures: Readonly<Record<LookMetric<Source>, (look: Look) => number>>) {
    this.source = source
    this.figures = figures
  }

  /** Replaces the rules by those of its source; duplicates count once, and rules that were set already keep their state. */
  setRules(rules: readonly AlertRule[]): void {
    this.watches = watchesOf(rules.filter(isOf(this.source)), this.watches)
  }

  get states(): readonly AlertState[] {
    return this.watches.map(watch => watch.state)
  }

  get phased(): readonly PhasedState[] {
    return this.watches.map(watch => watch.phased)
  }

  /** Judges what is seen at `now`; returns what that changed. */
  look(seen: Look, now: number): readonly AlertChange[] {
    const second = Math.floor(now / 1000)
    return this.watches.flatMap(watch => {
      const figure = this.figures[watch.rule.metric](seen)
      return watch.judge([{ value: "", figure }], second) ?? []
    })
  }
}

export const queueAlerts = () => new LookAlerts<QueuePulse, "queue">("queue", QUEUE_FIGURES)
export const recorderAlerts = () => new LookAlerts<RecorderPulse, "recorder">("recorder", RECORDER_FIGURES)
