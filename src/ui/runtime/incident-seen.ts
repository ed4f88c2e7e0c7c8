import { rfc3339 } from "../../domain/access-log.ts"
import { barAt, type Timeline } from "../../domain/access-log-timeline.ts"
import type { Alert } from "../../domain/alerts/rule-watch.ts"
import { burstsOf, sharesIn } from "../../domain/bursts.ts"
import type { SeenLine } from "../../domain/incident/incident-line.ts"

/** What a console has in sight. */
export interface Sight {
  /** Null before the first snapshot. */
  readonly tail: { readonly now: number; readonly filter: string; readonly timeline: Timeline } | null
  /** Those that are on. */
  readonly alerts: readonly Alert[]
}

/** Bursts from so long before the incident on belong to it: it is begun once somebody has noticed. */
const BEFORE_MS = 15 * 60_000
/** A burst is not told again so soon: bars become wider. */
const APART_MS = 60_000

interface Told {
  readonly filter: string
  /** Alerts that are on, by rule. */
  readonly alerts: ReadonlyMap<string, Alert>
  /** When the last burst began. */
  readonly burst: number
}

/** What of an incident this console has written down so far. */
export class WhatIsSeen {
  private readonly told: Told

  constructor(told: Told = { filter: "", alerts: new Map(), burst: Number.NEGATIVE_INFINITY }) {
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
    const bursts = burstLines(tail.timeline, Math.max(since - BEFORE_MS, told.burst + APART_MS))
    const filter: SeenLine[] =
      tail.filter === told.filter ? [] : [{ kind: "filter", at: rfc3339(now), filter: tail.filter }]
    const burst = bursts.length === 0 ? told.burst : Date.parse(bursts.at(-1)?.at as string)
    return {
      lines: [...fired, ...calmed, ...bursts, ...filter],
      seen: new WhatIsSeen({ filter: tail.filter, alerts: on, burst }),
    }
  }
}

const alertLine = ({ rule, figure, of }: Alert, at: number, is_on: boolean): SeenLine => ({
  ...{ kind: "alert", at: rfc3339(at), rule, is_on, figure, of },
})

/** Bursts that begin from a moment on; the newest bar is not whole yet. */
function burstLines(timeline: Timeline, from: number): SeenLine[] {
  const last = timeline.ok.length - 1
  return burstsOf(timeline)
    .filter(bar => bar < last && barAt(timeline, bar) >= from)
    .map(bar => {
      const { requests, failed } = sharesIn(timeline, bar, bar + 1)
      const seconds = timeline.barMs / 1000
      return {
        kind: "burst",
        at: rfc3339(barAt(timeline, bar)),
        seconds,
        requests,
        failed: Math.round(failed * requests),
      }
    })
}
