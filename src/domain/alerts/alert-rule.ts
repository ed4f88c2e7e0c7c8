import { DeckError } from "../errors.ts"
import { DIMENSION_KEYS, type DimensionKey } from "../movers/dimension-keys.ts"
import { nearest } from "../nearest.ts"

interface Metric {
  /** Example of a complete rule. */
  readonly example: string
  readonly means: string
  /** Units that may follow the number, with factors to the rule's own unit; the first is used in the rule's text. */
  readonly units: Readonly<Record<string, number>>
  /** Exclusive upper limit of the number. */
  readonly below: number
  /** Formats a measurement with its unit. */
  readonly spell: (figure: number) => string
}

const PER_CENT = { units: { "": 1, "%": 1 }, below: 100, spell: (figure: number) => `${tenths(figure)}%` }

const tenths = (figure: number) => String(Math.round(figure * 10) / 10)

/** Metrics of rules, over the last ten seconds: `error%` measures failures (5xx), `4xx%` refusals. */
export const METRICS = {
  "error%": { ...PER_CENT, example: "error% > 5 for 30s", means: "per cent of the requests" },
  "4xx%": { ...PER_CENT, example: "4xx% > 20", means: "per cent of the requests" },
  rate: {
    example: "rate > 500/s",
    means: "requests per second",
    units: { "/s": 1, "": 1 },
    below: 1e9,
    spell: figure => `${tenths(figure)}/s`,
  },
  p95: {
    example: "p95 > 2000",
    means: "milliseconds, or seconds such as 1.5s",
    units: { "": 1, ms: 1, s: 1000 },
    below: 1e9,
    spell: figure => `${Math.round(figure)}ms`,
  },
} as const satisfies Record<string, Metric>
export type MetricKey = keyof typeof METRICS

/** Parsed rule. */
export interface AlertRule {
  /** Canonical text, which identifies the rule. */
  readonly text: string
  readonly metric: MetricKey
  /** Dimension whose values are measured one by one; null for all requests together. */
  readonly by: DimensionKey | null
  /** Limit that must be exceeded, in per cent, requests per second, or ms. */
  readonly above: number
  /** Seconds for which it must be exceeded without a break; 0 for at once. */
  readonly forSeconds: number
  /** Whether to ring the terminal's bell. */
  readonly bell: boolean
}

const METRIC_KEYS = Object.keys(METRICS) as MetricKey[]
/** Other name of `error%`, expected by those who know `4xx%`. */
const ERRORS_AS_STATUS = "5xx%"
const LONGEST_S = 3600
const EXAMPLE = METRICS["error%"].example

/** Parses `[alert] METRIC[(DIMENSION)] > NUMBER [for 30s|1m] [bell]`. Throws `invalid` with the 0-based `column`. */
export function parseAlertRule(text: string): AlertRule {
  let at = 0
  /** Skips blanks and takes what `pattern` matches; returns undefined, and takes nothing, where it does not match. */
  const take = (pattern: RegExp): string | undefined => {
    at = text.length - text.slice(at).trimStart().length
    const taken = new RegExp(`^${pattern.source}`, "i").exec(text.slice(at))?.[0]
    at += taken?.length ?? 0
    return taken
  }
  const refuse = (message: string, taken = ""): never => {
    throw new DeckError("invalid", message, { field: "alerts", column: at - taken.length })
  }

  const takeMetric = (): MetricKey => {
    const word = take(/[a-z0-9_]+%?/) ?? refuse(`expected what to measure: ${listed(METRIC_KEYS)}, as in ${EXAMPLE}`)
    const wanted = word.toLowerCase() === ERRORS_AS_STATUS ? "error%" : word.toLowerCase()
    return METRIC_KEYS.find(key => key === wanted) ?? refuse(unknown(word, METRIC_KEYS), word)
  }

  const takeDimension = (): DimensionKey | null => {
    if (take(/\(/) === undefined) return null
    const word = take(/[a-z]+/) ?? refuse(`expected what to tell apart: ${listed(DIMENSION_KEYS)}`)
    const key = DIMENSION_KEYS.find(key => key === word.toLowerCase()) ?? refuse(unknown(word, DIMENSION_KEYS), word)
    if (take(/\)/) === undefined) refuse('expected ")", as in rate(ip) > 50/s')
    return key
  }

  const takeNumber = (metric: MetricKey): number => {
    const { units, below, example, means }: Metric = METRICS[metric]
    if (take(/>(?!=)/) === undefined) refuse(`expected ">": a rule fires above a number, as in ${example}`)
    const digits = take(/\d+(\.\d+)?(?![\d.])/) ?? refuse(`expected a number, as in ${example}`)
    const [glued = ""] = /^[a-z%/]+/i.exec(text.slice(at)) ?? []
    if (units[glued.toLowerCase()] === undefined) refuse(`${metric}: expected ${means}, as in ${example}`)
    const unit = take(new RegExp(`(?:${Object.keys(units).filter(Boolean).join("|")})(?![a-z%/])`)) ?? ""
    const above = Number((Number(digits) * (units[unit.toLowerCase()] as number)).toFixed(6))
    return above < below ? above : refuse(`expected less than ${below}: it would never fire`, digits + unit)
  }

  const takeFor = (): number => {
    if (take(/for\b/) === undefined) return 0
    const span = take(/\d+\s*[sm]\b/) ?? refuse("expected how long, in seconds or minutes, as in for 30s or for 2m")
    const seconds = Number.parseInt(span, 10) * (/m$/i.test(span) ? 60 : 1)
    return seconds <= LONGEST_S ? seconds : refuse("expected an hour at most", span)
  }

  take(/alert\b/)
  const metric = takeMetric()
  const by = takeDimension()
  const above = takeNumber(metric)
  const forSeconds = takeFor()
  const bell = take(/bell\b/) !== undefined
  const rest = take(/.+/)
  if (rest !== undefined) refuse('nothing but "for 30s" and then "bell" may follow', rest)
  const rule = { metric, by, above, forSeconds, bell }
  return { ...rule, text: ruleToText(rule) }
}

function ruleToText({ metric, by, above, forSeconds, bell }: Omit<AlertRule, "text">): string {
  const [unit] = Object.keys(METRICS[metric].units)
  const span = forSeconds % 60 === 0 ? `${forSeconds / 60}m` : `${forSeconds}s`
  return [
    `${metric}${by === null ? "" : `(${by})`} > ${above}${unit}`,
    ...(forSeconds === 0 ? [] : [`for ${span}`]),
    ...(bell ? ["bell"] : []),
  ].join(" ")
}

function unknown(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  return `there is no "${word}"${meant === undefined ? "." : `; did you mean ${meant}?`} There are ${listed(known)}`
}

const listed = (words: readonly string[]) => `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
