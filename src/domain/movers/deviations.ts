import { fisher, type Sample } from "./fisher.ts"
import type { SpaceSaving, Tally } from "./space-saving.ts"

/** Dimensions of those who send, which are judged by what they do on one route. */
export const SENDERS = ["user", "network"] as const
type Sender = (typeof SENDERS)[number]

/** 4xx and 5xx. */
const OUTCOMES = ["failed", "refused"] as const
type Outcome = (typeof OUTCOMES)[number]

/** What stands out: the requests of some senders on a route, or all of a route, are refused or fail unusually often. */
export interface Deviation {
  readonly key: Sender | "route"
  /** Values that deviate alike, the most unusual first; of a route itself only one. */
  readonly values: readonly string[]
  readonly route: string
  readonly outcome: Outcome
  /** Of senders, the share of all their requests that have this outcome on the route; of a route, of all its requests; 0 to 1. */
  readonly share: number
  /** Refusals or failures a minute, and in the window before it began; null where that was not seen. */
  readonly perMinute: number
  readonly before: number | null
}

/** Summaries of a stretch of time, in which there were `requests` in `seconds`. */
export interface Observed {
  readonly requests: number
  readonly seconds: number
  /** All requests, and the refused or failed ones, by a dimension. */
  all(key: Deviation["key"]): SpaceSaving
  troubled(key: Deviation["key"]): SpaceSaving
  /** Refused or failed requests by sender and route, named by `pairOf`. */
  pairs(key: Sender): SpaceSaving
}

/** What stood out already: what was before it began, null where that was not seen. */
export interface Begun {
  readonly before: Observed | null
  readonly isNew: boolean
}

const BETWEEN = "\0"
export const pairOf = (sender: string, route: string): string => sender + BETWEEN + route

/** Names what deviations have in common that are one line. */
export const causeOf = ({ key, route, outcome }: Pick<Deviation, "key" | "route" | "outcome">): string =>
  [key, route, outcome].join(BETWEEN)

/** Probability that a look at ordinary traffic names anything. */
const FALSE_ALARM = 1e-6
/** Fewer requests are not judged. */
const LEAST = 10
/** Share from which on a deviation is worth a line, however certain it is. */
const WORTH_OF_SENDER = 0.5
const WORTH_OF_ROUTE = { failed: 0.05, refused: 0.5 } as const
/** Share of a network's requests from which on a single user behind it is named in its place. */
const NEARLY_ALL = 0.8

/** A deviation of one value, with -ln p against the window before, and against the rest of the traffic. */
interface Judged extends Omit<Deviation, "values" | "share" | "perMinute" | "before"> {
  readonly value: string
  /** Requests with the outcome on the route, in the window before as well, and all requests of the value. */
  readonly counted: number
  readonly countedBefore: number
  readonly all: number
  /** Length of the window before; null where that was not seen. */
  readonly secondsBefore: number | null
  readonly rise: number
  readonly apart: number
}

/** Returns the window before what is judged began. */
type BeforeOf = (cause: Pick<Deviation, "key" | "route" | "outcome">) => Observed | null

/**
 * Returns what stands out, each cause once: what is new since the window before, then what differs from the rest of the
 * traffic, the most unusual first.
 *
 * A sender stands out if half of its requests are refused (or fail) on one route, more often than those of the others
 * on that route, or more often than before. A route stands out if a twentieth of its requests fails, more than on other
 * routes or more than before; or if half of them are refused, more than before, since some routes are always refused.
 * "More" is by Fisher's exact test, where suspects are left out of what a value is compared with. The level is 1e-6 for
 * all tests of a look together (Bonferroni's inequality; O. J. Dunn, 1961), of which those that could name nothing
 * whatever the outcome are not counted (R. E. Tarone, 1990). By chance alone a look every two seconds names something
 * about once in 23 days. What stood out already, `begun`, is compared with the window before it began instead.
 */
export function deviations(
  now: Observed,
  before: Observed | null,
  begun: ReadonlyMap<string, Begun> = new Map(),
): Deviation[] {
  const beforeOf: BeforeOf = cause => (begun.get(causeOf(cause)) ?? { before }).before
  const judged = OUTCOMES.flatMap(outcome => {
    const senders = SENDERS.flatMap(key => judgeSenders(key, outcome, now, beforeOf))
    return [...withoutTwins(senders), ...judgeRoutes(outcome, now, beforeOf, senders)]
  })
  const enough = Math.log(testsOf(now) / FALSE_ALARM)
  const isNew = (one: Judged) => one.rise >= enough && (begun.get(causeOf(one))?.isNew ?? true)
  const surprise = ({ rise, apart }: Judged) => Math.max(rise, apart)
  const found = judged
    .filter(one => surprise(one) >= enough)
    .sort((a, b) => Number(isNew(b)) - Number(isNew(a)) || surprise(b) - surprise(a))
  return [...Map.groupBy(found, causeOf).values()].map(alike => {
    const [{ key, route, outcome, secondsBefore }] = alike as [Judged]
    const sum = (of: (one: Judged) => number) => alike.reduce((total, one) => total + of(one), 0)
    const counted = sum(one => one.counted)
    return {
      key,
      values: alike.map(({ value }) => value),
      route,
      outcome,
      share: counted / sum(({ all }) => all),
      perMinute: (counted / now.seconds) * 60,
      before: secondsBefore && (sum(({ countedBefore }) => countedBefore) / secondsBefore) * 60,
    }
  })
}

function judgeSenders(key: Sender, outcome: Outcome, now: Observed, beforeOf: BeforeOf): Judged[] {
  const pairs = now.pairs(key)
  const suspects = pairs.values.flatMap(pair => {
    const [value, route] = pair.split(BETWEEN) as [string, string]
    const counted = pairs.tally(pair)?.[outcome] ?? 0
    const all = Math.max(counted, now.all(key).tally(value)?.count ?? 0)
    return all >= LEAST && counted >= all * WORTH_OF_SENDER ? [{ pair, value, route, counted, all }] : []
  })
  return [...Map.groupBy(suspects, ({ route }) => route)].flatMap(([route, alike]) => {
    const others = without(countsOf(route, outcome, now), alike.map(onRoute))
    const before = beforeOf({ key, route, outcome })
    return alike.map(({ pair, value, counted, all }) => {
      const countedBefore = before ? atMost(before.pairs(key), pair, outcome) : 0
      return {
        key,
        value,
        route,
        outcome,
        counted,
        countedBefore,
        all,
        secondsBefore: before?.seconds ?? null,
        rise: before ? fisher({ counted, all: now.requests }, { counted: countedBefore, all: before.requests }) : 0,
        apart: fisher({ counted, all }, others),
      }
    })
  })
}

/** Judges the routes by those of their requests that no sender accounts for, and tells of all. */
function judgeRoutes(outcome: Outcome, now: Observed, beforeOf: BeforeOf, senders: readonly Judged[]): Judged[] {
  const own = ({ key, route }: Judged, of: string) => key === "network" && route === of
  const routes = now.all("route").values.map(route => ({
    route,
    ...without(countsOf(route, outcome, now), senders.filter(sender => own(sender, route)).map(onRoute)),
  }))
  const suspects = routes.filter(({ counted, all }) => all >= LEAST && counted >= all * WORTH_OF_ROUTE[outcome])
  const everything = routes.reduce((sum, one) => ({ counted: sum.counted + one.counted, all: sum.all + one.all }), NONE)
  const elsewhere = without(everything, suspects)
  return suspects.map(({ route, counted, all }) => {
    const before = beforeOf({ key: "route", route, outcome })
    const past = before ? countsOf(route, outcome, before) : NONE
    return {
      key: "route",
      value: route,
      route,
      outcome,
      ...countsOf(route, outcome, now),
      countedBefore: past.counted,
      secondsBefore: before?.seconds ?? null,
      rise: fisher({ counted, all }, past),
      apart: outcome === "failed" ? fisher({ counted, all }, elsewhere) : 0,
    }
  })
}

const NONE: Sample = { counted: 0, all: 0 }

/** Returns the requests of a route with the outcome, and all of them. */
function countsOf(route: string, outcome: Outcome, observed: Observed): Sample {
  const tally = observed.all("route").tally(route)
  const counted = Math.max(tally?.[outcome] ?? 0, observed.troubled("route").tally(route)?.[outcome] ?? 0)
  return { counted, all: Math.max(counted, tally?.count ?? 0) }
}

/** Returns what is left of a sample without some; of senders, only what is counted on the route is known. */
function without(sample: Sample, some: readonly Sample[]): Sample {
  const gone = (of: (one: Sample) => number) => some.reduce((sum, one) => sum + of(one), 0)
  const counted = Math.max(0, sample.counted - gone(one => one.counted))
  return { counted, all: Math.max(counted, sample.all - gone(one => one.all)) }
}

const onRoute = ({ counted }: Sample): Sample => ({ counted, all: counted })

/** Returns how many requests with the outcome a value may have had at the most. */
function atMost(summary: SpaceSaving, value: string, outcome: Outcome): number {
  const tally = summary.tally(value)
  return tally === undefined ? summary.floor : tally[outcome] + tally.error
}

/** Leaves out networks of which one user accounts for nearly all that is counted. */
const withoutTwins = (senders: readonly Judged[]): Judged[] =>
  senders.filter(
    one =>
      one.key === "user" ||
      !senders.some(
        ({ key, route, counted }) =>
          key === "user" && route === one.route && counted >= one.counted * NEARLY_ALL && counted <= one.counted,
      ),
  )

/** Returns the number of tests that could name something: two for each route, and for each sender on each route. */
function testsOf(now: Observed): number {
  const enough = (summary: SpaceSaving) =>
    summary.values.map(value => (summary.tally(value) as Tally).count).filter(count => count >= LEAST)
  let tests = OUTCOMES.length * enough(now.all("route")).length
  for (const outcome of OUTCOMES) {
    const { values } = now.troubled("route")
    const counted = values.map(route => countsOf(route, outcome, now).counted).sort((a, b) => b - a)
    for (const key of SENDERS) {
      for (const all of enough(now.all(key))) {
        for (let at = 0; at < counted.length && (counted[at] as number) >= all * WORTH_OF_SENDER; at++) tests++
      }
    }
  }
  return Math.max(1, 2 * tests)
}
