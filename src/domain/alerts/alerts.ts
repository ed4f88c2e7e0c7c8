import type { DimensionKey } from "../movers/dimension-keys.ts"
import type { StreamEntry } from "../stream-entry.ts"
import type { AlertRule } from "./alert-rule.ts"
import { type AlertWindow, openWindow } from "./alert-window.ts"
import { MEASURED_S } from "./measure.ts"
import { type AlertChange, type AlertState, CALM_S, RuleWatch } from "./rule-watch.ts"

/** After so many seconds without an entry nothing changes any more. */
const SETTLED_S = MEASURED_S + CALM_S

const NOTHING: readonly AlertChange[] = []

/**
 * Measures all that is read, and tells when the alert of a rule begins and ends. Time is the stream's: it goes on with
 * the entries, which come in order, and where none come with `tick`. Each second is judged once it is over.
 */
export class Alerts {
  /** By what they measure. */
  private windows: ReadonlyMap<DimensionKey | null, AlertWindow> = new Map()
  private watches: readonly RuleWatch[] = []
  /** The last one judged before, since the epoch. */
  private second = 0

  /** From now on these rules count, each once; those that did already go on as they stand. */
  setRules(rules: readonly AlertRule[]): void {
    const texts = new Map(rules.map(rule => [rule.text, rule]))
    const kept = new Map(this.watches.map(watch => [watch.rule.text, watch]))
    this.watches = [...texts].map(([text, rule]) => kept.get(text) ?? new RuleWatch(rule))
    this.windows = new Map(rules.map(({ by }) => [by, this.windows.get(by) ?? openWindow(by)]))
  }

  get states(): readonly AlertState[] {
    return this.watches.map(watch => watch.state)
  }

  /** Counts `entry`; answers what changed before it. */
  accept(entry: StreamEntry): readonly AlertChange[] {
    if (this.windows.size === 0) return NOTHING
    const changes = this.tick(entry.ms)
    for (const window of this.windows.values()) window.accept(entry)
    return changes
  }

  /** It is `nowMs`, since the epoch by the stream's clock, and every entry before that was accepted. */
  tick(nowMs: number): readonly AlertChange[] {
    const now = Math.floor(nowMs / 1000)
    if (now <= this.second) return NOTHING
    const changes: AlertChange[] = []
    const first = this.second === 0 ? now : this.second + 1
    for (let second = first; second <= Math.min(now, first + SETTLED_S); second++) changes.push(...this.judge(second))
    this.second = now
    return changes
  }

  private judge(second: number): AlertChange[] {
    const watches = Map.groupBy(this.watches, ({ rule }) => rule.by)
    return [...this.windows].flatMap(([by, window]) => {
      const counted = window.countedBefore(second)
      return (watches.get(by) ?? []).flatMap(watch => watch.judge(counted, second) ?? [])
    })
  }

  /** The stream was made anew, perhaps at an earlier time. */
  restart(): void {
    this.second = 0
    for (const window of this.windows.values()) window.forget()
    for (const watch of this.watches) watch.restart()
  }
}
