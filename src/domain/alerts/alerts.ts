import type { DimensionKey } from "../movers/dimension-keys.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { type AlertRule, isOfLog, type LogRule } from "./alert-rule.ts"
import { type AlertWindow, openWindow } from "./alert-window.ts"
import { type Counted, figureOf, MEASURED_S } from "./measure.ts"
import {
  type AlertChange,
  type AlertState,
  CALM_S,
  type Measured,
  type PhasedState,
  type RuleWatch,
  watchesOf,
} from "./rule-watch.ts"

/** Seconds without an entry after which nothing changes any more. */
const SETTLED_S = MEASURED_S + CALM_S

const NOTHING: readonly AlertChange[] = []

/**
 * Alerts over everything that is read of the log: reports when the alert of a rule begins and ends. Time is the stream's: entries,
 * which come in order, advance it, and `tick` where none come. Each second is judged once it is over.
 */
export class Alerts {
  /** By dimension; null for all requests together. */
  private windows: ReadonlyMap<DimensionKey | null, AlertWindow> = new Map()
  private watches: readonly RuleWatch<LogRule>[] = []
  /** Last second judged, since the epoch; 0 for none. */
  private second = 0

  /** Replaces the rules by those of the log; duplicates count once, and rules that were set already keep their state. */
  setRules(all: readonly AlertRule[]): void {
    const rules = all.filter(isOfLog)
    this.watches = watchesOf(rules, this.watches)
    this.windows = new Map(rules.map(({ by }) => [by, this.windows.get(by) ?? openWindow(by)]))
  }

  get states(): readonly AlertState[] {
    return this.watches.map(watch => watch.state)
  }

  get phased(): readonly PhasedState[] {
    return this.watches.map(watch => watch.phased)
  }

  /** Counts `entry`; returns what changed before it. */
  accept(entry: StreamEntry): readonly AlertChange[] {
    if (this.windows.size === 0) return NOTHING
    const changes = this.tick(entry.at)
    for (const window of this.windows.values()) window.accept(entry)
    return changes
  }

  /** Advances to `nowMs` (since the epoch by the stream's time), before which every entry was accepted. */
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
      return (watches.get(by) ?? []).flatMap(watch => watch.judge(measured(watch.rule, counted), second) ?? [])
    })
  }

  /** Resets the clock for a recreated stream, which may begin at an earlier time. */
  restart(): void {
    this.second = 0
    for (const window of this.windows.values()) window.forget()
    for (const watch of this.watches) watch.restart()
  }
}

/** What there is enough of to tell. */
const measured = ({ metric }: LogRule, counted: readonly Counted[]): Measured[] =>
  counted.flatMap(one => {
    const figure = figureOf(metric, one)
    return figure === null ? [] : [{ value: one.value, figure }]
  })
