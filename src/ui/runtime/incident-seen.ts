import { rfc3339 } from "../../domain/access-log.ts"
import { filterToText } from "../../domain/access-log-filter.ts"
import { barAt, barOf, type Timeline } from "../../domain/access-log-timeline.ts"
import type { Alert } from "../../domain/alerts/rule-watch.ts"
import { burstsOf, endOfBurst, sharesIn } from "../../domain/bursts.ts"
import type { SeenLine } from "../../domain/incident/incident-line.ts"
import type { Deviation } from "../../domain/movers/deviations.ts"
import { dimensionOf } from "../../domain/movers/dimensions.ts"

/** What a console has in sight. */
export interface Sight {
  /** Null before the first snapshot. */
  readonly tail: {
    readonly now: number
    readonly filter: string
    readonly timeline: Timeline
    /** What stands out now. */
    readonly deviations: readonly Deviation[]
  } | null
  /** Those that are on. */
  readonly alerts: readonly Alert[]
}

/** Bursts from so long before the incident on belong to it: it is begun once somebody has noticed. */
const BEFORE_MS = 15 * 60_000
/** What flickers is told as one burst: so many calm bars end it. */
const CALM_BARS = 3
/** A burst is not told again so soon: bars become wider. */
const APART_MS = 60_000

interface Told {
  readonly filter: string
  /** Alerts that are on, by rule. */
  readonly alerts: ReadonlyMap<string, Alert>
  /** When the last burst began. */
  readonly burst: number
  /** It goes on. */
  readonly isBurst: boolean
}

/** What of an incident this console has written down so far. */
export class WhatIsSeen {
  private readonly told: Told

  constructor(told: Told = { filter: "", alerts: new Map(), burst: Number.NEGATIVE_INFINITY, isBurst: false }) {
    this.told = told
  }

  /** Returns the lines for what is new, and what is seen with them. Times are ms since the epoch. */
  with({ tail, alerts }: Sight, since: number, now: number): { readonly lines: SeenLine[]; readonly seen: WhatIsSeen } {
    if (tail === null) return { lines: [], seen: this }
    const { told } = this
    const on = new Map(alerts.map(alert => [alert.rule, alert]))
    const fired = alerts.filter(({ rule }) => !told.alerts.has(rule)).map(alert => alertLine(alert, alert.since, true))
    const calmed = [...told.alerts.values()]
      .filter(({ rule }) => !on.has(rule))
      .map(alert => alertLine(alert, tail.now, false))
    const begun = begunFrom(tail.timeline, Math.max(since - BEFORE_MS, told.burst + APART_MS))
    const open = told.isBurst && told.burst >= tail.timeline.from ? [barOf(tail.timeline, told.burst)] : []
    const over = endLines(tail.timeline, [...open, ...begun])
    const bursts = [...begun.map(bar => burstLine(tail.timeline, bar, scopeOf(tail))), ...over]
    const filter: SeenLine[] =
      tail.filter === told.filter ? [] : [{ kind: "filter", at: rfc3339(now), filter: tail.filter }]
    const last = begun.at(-1)
    const burst = last === undefined ? told.burst : barAt(tail.timeline, last)
    const isBurst = over.length < open.length + begun.length
    return {
      lines: [...fired, ...calmed, ...bursts, ...filter],
      seen: new WhatIsSeen({ filter: tail.filter, alerts: on, burst, isBurst }),
    }
  }
}

const alertLine = ({ rule, figure, of }: Alert, at: number, is_on: boolean): SeenLine => ({
  ...{ kind: "alert", at: rfc3339(at), rule, is_on, figure, of },
})

/** Bars at which bursts begin from a moment on; the newest bar is not whole yet. */
function begunFrom(timeline: Timeline, from: number): number[] {
  const last = timeline.ok.length - 1
  return burstsOf(timeline, CALM_BARS).filter(bar => bar < last && barAt(timeline, bar) >= from)
}

function burstLine(timeline: Timeline, bar: number, scope: string | undefined): SeenLine {
  const at = rfc3339(barAt(timeline, bar))
  const counted = { seconds: timeline.barMs / 1000, ...failedIn(timeline, bar, bar + 1) }
  return { kind: "burst", at, ...counted, ...(scope !== undefined && { scope }) }
}

/** Lines for those of the bursts, by the bars in which they began, that are over. */
const endLines = (timeline: Timeline, begun: readonly number[]): SeenLine[] =>
  begun.flatMap((bar): SeenLine[] => {
    const end = endOfBurst(timeline, bar, CALM_BARS)
    if (end === undefined) return []
    const [at, since] = [end, bar].map(of => rfc3339(barAt(timeline, of))) as [string, string]
    return [{ kind: "subsided", at, since, ...failedIn(timeline, bar, end) }]
  })

function failedIn(timeline: Timeline, from: number, to: number) {
  const { requests, failed } = sharesIn(timeline, from, to)
  return { requests, failed: Math.round(failed * requests) }
}

/** The requests that fail most unusually, as a filter, where any stand out. */
function scopeOf({ deviations }: { readonly deviations: readonly Deviation[] }): string | undefined {
  const most = deviations.find(({ outcome }) => outcome === "failed")
  if (most === undefined) return undefined
  const of = { ...dimensionOf(most.key).term(most.values[0] as string), values: most.values }
  return filterToText(most.key === "route" ? [of] : [of, dimensionOf("route").term(most.route)])
}
