import { type AlertRule, METRICS } from "./alert-rule.ts"
import { type Counted, figureOf } from "./measure.ts"

/** How a rule stands. Times are ms since the epoch by the stream's clock. */
export interface AlertState {
  /** The rule's text. */
  readonly rule: string
  readonly bell: boolean
  /** When the alert began; null while there is none. */
  readonly since: number | null
  /** What was measured last, with its unit, where it is highest; null where there is too little to tell. */
  readonly figure: string | null
  /** The value of the rule's dimension that this is of; empty where it is of none: nothing, or all requests together. */
  readonly of: string
}

/** What was measured, and of what: `61/s, 203.0.113.7`; a user is told by name where `names`, by id, has it. */
export const alertFigure = (
  { figure, of }: Pick<AlertState, "figure" | "of">,
  names: ReadonlyMap<string, string> = new Map(),
): string => [figure ?? "too few requests to tell", ...(of === "" ? [] : [names.get(of) ?? of])].join(", ")

/** A rule whose alert is on, with when that began. */
export interface Alert extends AlertState {
  readonly since: number
}

export const isOn = (state: AlertState | undefined): state is Alert => state !== undefined && state.since !== null

/** An alert that began at `since`, or ended at `endedAt`. */
export interface AlertChange extends Alert {
  readonly endedAt: number | null
}

/** A value as the rule measures it. */
interface Measured {
  readonly value: string
  readonly figure: number
}

/** An alert ends when it was not too much for so long. */
export const CALM_S = 10

/** One rule over time: since when it is too much, of which values, and whether that is an alert. */
export class RuleWatch {
  readonly rule: AlertRule
  /** The values of which it is too much, each with the second since when. */
  private held: ReadonlyMap<string, number> = new Map()
  private since: number | null = null
  /** The last second in which it was too much; undefined before anything was measured. */
  private heldAt: number | undefined
  private last: Measured | undefined

  constructor(rule: AlertRule) {
    this.rule = rule
  }

  /** Takes in what was counted before `second`, since the epoch; answers what that changed. */
  judge(counted: readonly Counted[], second: number): AlertChange | undefined {
    const { metric, above, forSeconds } = this.rule
    const held = new Map<string, number>()
    let highest: Measured | undefined
    let due: Measured | undefined
    for (const one of counted) {
      const figure = figureOf(metric, one)
      if (figure === null) continue
      const measured = { value: one.value, figure }
      if (isHigher(measured, highest)) highest = measured
      if (figure <= above) continue
      const since = this.held.get(one.value) ?? second
      held.set(one.value, since)
      if (second - since >= forSeconds && isHigher(measured, due)) due = measured
    }
    this.held = held
    this.last = due ?? highest
    if (held.size > 0 || this.heldAt === undefined) this.heldAt = second
    return this.changed(due !== undefined, second - this.heldAt >= CALM_S, second * 1000)
  }

  private changed(isDue: boolean, isCalm: boolean, now: number): AlertChange | undefined {
    const { since } = this
    if (since === null ? !isDue : !isCalm) return undefined
    this.since = since === null ? now : null
    return { ...this.state, since: since ?? now, endedAt: since === null ? null : now }
  }

  /** The clock begins anew: what is on has as long as ever to become calm. */
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
}

const isHigher = (one: Measured, other: Measured | undefined) => other === undefined || one.figure > other.figure
