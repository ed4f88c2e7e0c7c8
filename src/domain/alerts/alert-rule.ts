import { DeckError } from "../errors.ts"
import { DIMENSION_KEYS, type DimensionKey } from "../movers/dimension-keys.ts"
import { nearest } from "../nearest.ts"

interface Metric {
  /** What it measures: the requests of the log, the platform's queue, or the recorder of the log. */
  readonly of: "log" | "queue" | "recorder"
  /** Whether a rule fires above or below its number. */
  readonly sign: ">" | "<"
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

const LOG = { of: "log", sign: ">" } as const
const PER_CENT = { ...LOG, units: { "": 1, "%": 1 }, below: 100, spell: (figure: number) => `${tenths(figure)}%` }

const tenths = (figure: number) => String(Math.round(figure * 10) / 10)

const AGE = {
  sign: ">",
  means: "seconds, or minutes such as 5m",
  units: { s: 1, "": 1, m: 60, h: 3600 },
  below: 1e9,
  spell: (figure: number) => `${Math.round(figure)}s`,
} as const

/**
 * Metrics of rules. Those of the log are over the last ten seconds: `error%` measures failures (5xx), `4xx%` refusals. Those
 * of the queue are as it was looked at: how long the oldest ready job waits, and how many workers are alive; so is that of
 * the recorder: how far the history is behind the present.
 */
export const METRICS = {
  "error%": { ...PER_CENT, example: "error% > 5 for 30s", means: "per cent of the requests" },
  "4xx%": { ...PER_CENT, example: "4xx% > 20", means: "per cent of the requests" },
  rate: {
    ...LOG,
    example: "rate > 500/s",
    means: "requests per second",
    units: { "/s": 1, "": 1 },
    below: 1e9,
    spell: figure => `${tenths(figure)}/s`,
  },
  p95: {
    ...LOG,
    example: "p95 > 2000",
    means: "milliseconds, or seconds such as 1.5s",
    units: { "": 1, ms: 1, s: 1000 },
    below: 1e9,
    spell: figure => `${Math.round(figure)}ms`,
  },
  "queue age": { of: "queue", ...AGE, example: "queue age > 60s" },
  workers: {
    of: "queue",
    sign: "<",
    example: "workers < 1",
    means: "a number of workers alive",
    units: { "": 1 },
    below: 1e9,
    spell: figure => `${figure} alive`,
  },
  "record lag": {
    of: "recorder",
    ...AGE,
    example: "record lag > 60s",
    spell: figure => (Number.isFinite(figure) ? AGE.spell(figure) : "a gateway was never recorded"),
  },
} as const satisfies Record<string, Metric>
export type MetricKey = keyof typeof METRICS
type MetricOf<Source> = { [Key in MetricKey]: (typeof METRICS)[Key]["of"] extends Source ? Key : never }[MetricKey]
export type LogMetric = MetricOf<"log">
/** Metrics of what is looked at every few seconds. */
export type LookMetric<Source extends "queue" | "recorder"> = MetricOf<Source>

/** Rule with a metric of the log, or of what is looked at. */
export type LogRule = AlertRule & { readonly metric: LogMetric }
export type LookRule<Source extends "queue" | "recorder"> = AlertRule & { readonly metric: LookMetric<Source> }

/** Parsed rule. */
export interface AlertRule {
  /** Canonical text, which identifies the rule. */
  readonly text: string
  readonly metric: MetricKey
  /** Dimension whose values are measured one by one; null for all requests together. */
  readonly by: DimensionKey | null
  /** Limit that must be passed, upwards or, for workers, downwards: in per cent, requests per second, ms, or seconds. */
  readonly limit: number
  /** Seconds for which it must be passed without a break; 0 for at once. */
  readonly forSeconds: number
  /** Whether to ring the terminal's bell. */
  readonly bell: boolean
}

/** What a rule measures. */
export const sourceOf = (rule: AlertRule): Metric["of"] => METRICS[rule.metric].of
export const isOfLog = (rule: AlertRule): rule is LogRule => sourceOf(rule) === "log"
export const isOf =
  <Source extends "queue" | "recorder">(source: Source) =>
  (rule: AlertRule): rule is LookRule<Source> =>
    sourceOf(rule) === source

/** Whether `figure` passes the rule's limit. */
export const passes = ({ metric, limit }: AlertRule, figure: number): boolean =>
  METRICS[metric].sign === "<" ? figure < limit : figure > limit

const METRIC_KEYS = Object.keys(METRICS) as MetricKey[]
/** Other name of `error%`, expected by those who know `4xx%`. */
const ERRORS_AS_STATUS = "5xx%"
const LONGEST_S = 3600
const EXAMPLE = METRICS["error%"].example

/** Parses `[alert] METRIC[(DIMENSION)] > NUMBER [for 30s|1m] [bell]`; of workers it is `<`, and the log alone has dimensions. Throws `invalid` with the 0-based `column`. */
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
    const word =
      take(/(?:queue\s+age|record\s+lag)\b|[a-z0-9_]+%?/) ??
      refuse(`expected what to measure: ${listed(METRIC_KEYS)}, as in ${EXAMPLE}`)
    const plain = word.toLowerCase().replace(/\s+/, " ")
    const wanted = plain === ERRORS_AS_STATUS ? "error%" : plain
    return METRIC_KEYS.find(key => key === wanted) ?? refuse(unknown(word, METRIC_KEYS), word)
  }

  const takeDimension = (metric: MetricKey): DimensionKey | null => {
    if (take(/\(/) === undefined) return null
    if (METRICS[metric].of !== "log")
      refuse(`${metric} is not told apart by anything, as in ${METRICS[metric].example}`, "(")
    const word = take(/[a-z]+/) ?? refuse(`expected what to tell apart: ${listed(DIMENSION_KEYS)}`)
    const key = DIMENSION_KEYS.find(key => key === word.toLowerCase()) ?? refuse(unknown(word, DIMENSION_KEYS), word)
    if (take(/\)/) === undefined) refuse('expected ")", as in rate(ip) > 50/s')
    return key
  }

  const takeNumber = (metric: MetricKey): number => {
    const { sign, units, below, example, means }: Metric = METRICS[metric]
    if (take(sign === ">" ? />(?!=)/ : /<(?!=)/) === undefined) {
      refuse(`expected "${sign}": a rule fires ${sign === ">" ? "above" : "below"} a number, as in ${example}`)
    }
    const digits = take(/\d+(\.\d+)?(?![\d.])/) ?? refuse(`expected a number, as in ${example}`)
    const [glued = ""] = /^[a-z%/]+/i.exec(text.slice(at)) ?? []
    if (units[glued.toLowerCase()] === undefined) refuse(`${metric}: expected ${means}, as in ${example}`)
    const unit = take(new RegExp(`(?:${Object.keys(units).filter(Boolean).join("|")})(?![a-z%/])`)) ?? ""
    const limit = Number((Number(digits) * (units[unit.toLowerCase()] as number)).toFixed(6))
    if (sign === "<" && limit === 0) refuse("expected more than 0: it would never fire", digits + unit)
    return limit < below ? limit : refuse(`expected less than ${below}: it would never fire`, digits + unit)
  }

  const takeFor = (): number => {
    if (take(/for\b/) === undefined) return 0
    const span = take(/\d+\s*[sm]\b/) ?? refuse("expected how long, in seconds or minutes, as in for 30s or for 2m")
    const seconds = Number.parseInt(span, 10) * (/m$/i.test(span) ? 60 : 1)
    return seconds <= LONGEST_S ? seconds : refuse("expected an hour at most", span)
  }

  take(/alert\b/)
  const metric = takeMetric()
  const by = takeDimension(metric)
  const limit = takeNumber(metric)
  const forSeconds = takeFor()
  const bell = take(/bell\b/) !== undefined
  const rest = take(/.+/)
  if (rest !== undefined) refuse('nothing but "for 30s" and then "bell" may follow', rest)
  const rule = { metric, by, limit, forSeconds, bell }
  return { ...rule, text: ruleToText(rule) }
}

function ruleToText({ metric, by, limit, forSeconds, bell }: Omit<AlertRule, "text">): string {
  const { sign, units } = METRICS[metric]
  const [unit] = Object.keys(units)
  const span = forSeconds % 60 === 0 ? `${forSeconds / 60}m` : `${forSeconds}s`
  return [
    `${metric}${by === null ? "" : `(${by})`} ${sign} ${limit}${unit}`,
    ...(forSeconds === 0 ? [] : [`for ${span}`]),
    ...(bell ? ["bell"] : []),
  ].join(" ")
}

function unknown(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  return `there is no "${word}"${meant === undefined ? "." : `; did you mean ${meant}?`} There are ${listed(known)}`
}

const listed = (words: readonly string[]) => `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
