import { type AlertRule, METRICS, passes } from "./alert-rule.ts"
import { needsMany } from "./measure.ts"

/** State of a rule. Times are ms since the epoch by the stream's time. */
export interface AlertState {
  /** The rule's text. */
  readonly rule: string
  readonly bell: boolean
  /** When the alert began; null while there is none. */
  readonly since: number | null
  /**
   * Highest of the last measurements, with its unit; null where there is too little to tell. While an alert is on, that of a value
   * with too few requests by now is the last that there was.
   */
  readonly figure: string | null
  /** Value of the rule's dimension that was measured; empty where nothing, or all requests together, were. */
  readonly of: string
}

/** Returns the measurement and its value: `61/s, 203.0.113.7`; a user by name where `names`, by id, has it. */
export const alertFigure = (
  { figure, of }: Pick<AlertState, "figure" | "of">,
  names: ReadonlyMap<string, string> = new Map(),
): string => [figure ?? "too few requests to tell", ...(of === "" ? [] : [names.get(of) ?? of])].join(", ")

/** Phases of a rule: the limit is not passed, is passed but not for the rule's time yet, or the alert is on. */
export const ALERT_PHASES = ["quiet", "pending", "firing"] as const

/** State of a rule with its phase. */
export interface PhasedState extends AlertState {
  readonly phase: (typeof ALERT_PHASES)[number]
  /** The figure as a number, in the unit that it is said with. */
  readonly amount: number | null
}

/** State of a rule whose alert is on, with when that began. */
export interface Alert extends AlertState {
  readonly since: number
}

export const isOn = (state: AlertState | undefined): state is Alert => state !== undefined && state.since !== null

/** Beginning of an alert at `since`, or its end at `endedAt`, which is null at the beginning. */
export interface AlertChange extends Alert {
  readonly endedAt: number | null
}

/** Value of a dimension with its measurement; empty without one. */
export interface Measured {
  readonly value: string
  readonly figure: number
}

/** Seconds without passing the limit after which an alert ends. */
export const CALM_S = 10

/** Watch of one rule: which values pass its limit, since when, and whether that is an alert. */
export class RuleWatch<Rule extends AlertRule = AlertRule> {
  readonly rule: Rule
  /** Values that pass the limit, each with the second since when. */
  private held: ReadonlyMap<string, number> = new Map()
  private since: number | null = null
  /** Last second in which the limit was passed, or else the first one judged; undefined before that. */
  private heldAt: number | undefined
  private last: Measured | undefined

  constructor(rule: Rule) {
    this.rule = rule
  }

  /** Judges what was measured before `second`, since the epoch; returns what that changed. */
  judge(all: readonly Measured[], second: number): AlertChange | undefined {
    const { forSeconds } = this.rule
    const held = new Map<string, number>()
    let highest: Measured | undefined
    let due: Measured | undefined
    for (const measured of all) {
      if (isHigher(measured, highest)) highest = measured
      if (!passes(this.rule, measured.figure)) continue
      const since = this.held.get(measured.value) ?? second
      held.set(measured.value, since)
      if (second - since >= forSeconds && isHigher(measured, due)) due = measured
    }
    this.held = held
    this.last = due ?? this.lastedOf(all, highest)
    if (held.size > 0 || this.heldAt === undefined) this.heldAt = second
    return this.changed(due !== undefined, second - this.heldAt >= CALM_S, second * 1000)
  }

  /** While an alert is on and no value passes the limit, what was measured last of one with too few requests by now; else the highest. */
  private lastedOf(all: readonly Measured[], highest: Measured | undefined): Measured | undefined {
    const { last, since, rule } = this
    if (since === null || last === undefined || this.held.size > 0 || !needsMany(rule.metric)) return highest
    return isHigher(last, highest) && all.every(({ value }) => value !== last.value) ? last : highest
  }

  private changed(isDue: boolean, isCalm: boolean, now: number): AlertChange | undefined {
    const { since } = this
    if (since === null ? !isDue : !isCalm) return undefined
    this.since = since === null ? now : null
    return { ...this.state, since: since ?? now, endedAt: since === null ? null : now }
  }

  /** Resets the clock: an alert that is on has the usual time to become calm. */
  restart(): void {
    this.held = new Map()
    this.heldAt = undefined
  }

  get state(): AlertState {
    const { rule, since, last } = this
    const figure = last === undefined ? null : METRICS[rule.metric].spell(last.figure)
    const of = last === undefined || last.figure === 0 ? "" : last.value
    return { rule: rule.text, bell: rule.bell, since, figure, of }
  }

  get phased(): PhasedState {
    const phase = this.since !== null ? "firing" : this.held.size > 0 ? "pending" : "quiet"
    return { ...this.state, phase, amount: amountOf(this.last) }
  }
}

/** What is behind without end has no number. */
const amountOf = (last: Measured | undefined) =>
  last !== undefined && Number.isFinite(last.figure) ? last.figure : null

const isHigher = (one: Measured, other: Measured | undefined) => other === undefined || one.figure > other.figure

/** Returns a watch for each of `rules`: duplicates count once, and what `watches` has already keeps its state. */
export function watchesOf<Rule extends AlertRule>(
  rules: readonly Rule[],
  watches: readonly RuleWatch<Rule>[],
): readonly RuleWatch<Rule>[] {
  const kept = new Map(watches.map(watch => [watch.rule.text, watch]))
  const texts = new Map(rules.map(rule => [rule.text, rule]))
  return [...texts].map(([text, rule]) => kept.get(text) ?? new RuleWatch(rule))
}
