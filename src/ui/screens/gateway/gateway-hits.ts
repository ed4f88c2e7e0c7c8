import { fewNames } from "../../../domain/few-names.ts"
import { formatThreshold } from "../../../domain/gateway.ts"
import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { ThresholdDay, ThresholdHits } from "../../../domain/threshold-count.ts"
import type { ThresholdStep } from "../../../domain/threshold-ladder.ts"
import { failureLines } from "../../kit/failure-lines.ts"
import { day, exactDuration, grouped, shortDateTime, shortIds, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { hanging } from "../../widgets/wrap.ts"
import type { Simulation } from "./use-simulation.ts"

/** Draws whom the proposed threshold would have hit. `now` is in ms since the epoch. */
export function hitLines(simulation: Simulation, now: number, columns: number): Piece[][] {
  const { proposed, failure, dayFailure } = simulation
  const says = (text: Shown, tone: Tone = "plain") => hanging(piece(shown` `), text, columns, tone)
  if (proposed === undefined) return says(shown`A threshold from 0 to 1 shows here whom it would hit.`, "dim")
  if (proposed === 0) return says(shown`At 0.00 nothing is rejected.`)
  if (failure !== undefined) return failureLines(failure, columns - 1).map(line => [piece(shown` `), ...line])
  const counts = countsOf(simulation, now)
  const isNew = ({ threshold }: Count) => threshold === proposed
  const counting = says(shown`Counting whom ${risk(proposed)} would have hit…`, "look")
  const [first] = counts
  const ladder =
    first && first.ladder.length > 0 ? says(ladderText(first.threshold, first.ladder, columns - 1), "dim") : []
  return [
    ...(counts.some(isNew) ? [] : counting),
    ...counts.flatMap((count, i) => [
      ...says(i === 0 ? count.text : count.brief, isNew(count) ? "plain" : "dim"),
      ...(i === 0 ? ladder : []),
    ]),
    ...(dayFailure ? says(shown`The last 24 h are not counted: ${show(dayFailure.message, 512)}`, "dim") : []),
    ...says(shown`What the gateway already rejects is logged with risk 0 and is not in this count.`, "dim"),
  ]
}

/** Says once more, before it is saved, whom `threshold` would have hit; nothing where that was not counted. */
export const impactOf = (simulation: Simulation, threshold: number, now: number): Shown[] =>
  countsOf(simulation, now)
    .filter(count => count.threshold === threshold)
    .slice(0, 1)
    .map(({ text }) => text)

interface Count {
  readonly threshold: number
  readonly ladder: readonly ThresholdStep[]
  readonly text: Shown
  /** Without whom it would have hit. */
  readonly brief: Shown
}

/** What is counted, the most telling first: of the last day, then of what is still held. */
const countsOf = ({ day, counted }: Simulation, now: number): Count[] => [
  ...(day ? [countOf(day, ofDay(day.hits))] : []),
  ...(counted ? [countOf(counted, ofHeld(counted.hits, now))] : []),
]

function countOf({ threshold, hits }: { threshold: number; hits: ThresholdHits }, looked: Shown): Count {
  const { requests, rejected, ladder } = hits
  const number = rejected === 0 ? shown`none` : grouped(rejected)
  const whom = rejected === 0 ? shown`` : whomText(hits)
  const of = shown`At ${risk(threshold)}, of ${looked}`
  const brief = requests === 0 ? of : shown`${of}: ${number} rejected`
  return { threshold, ladder, brief: shown`${brief}.`, text: shown`${brief}${whom}.` }
}

const DAY_S = 86_400

function ofDay({ requests, held_s, lacking }: ThresholdDay): Shown {
  const part =
    held_s >= DAY_S
      ? shown``
      : lacking === undefined
        ? shown` (${exactDuration(held_s * 1000)} of it held)`
        : shown` (${show(fewNames(lacking.map(heldOfOne)), 512)} held)`
  return shown`${requests === 0 ? shown`no` : grouped(requests)} requests of the last 24 h${part}`
}

/** `nothing of ap`, `4h 2m of us`. */
const heldOfOne = ({ gateway, held_s }: NonNullable<ThresholdDay["lacking"]>[number]): string =>
  `${held_s < 1 ? "nothing" : exactDuration(held_s * 1000)} of ${gateway}`

function ofHeld({ requests, seen, since, unread = [] }: ThresholdHits, now: number): Shown {
  const held = ofRead({ requests, seen, since }, now)
  return unread.length === 0 ? held : shown`${held}, without older ones of ${show(unread.join(", "), 256)}`
}

function ofRead({ requests, seen, since }: Pick<ThresholdHits, "requests" | "seen" | "since">, now: number): Shown {
  if (requests === 0) return shown`no requests: nothing is held, and the stream is empty`
  const newest = seen < requests ? shown`the newest ${grouped(seen)} of ` : shown``
  const from = since === null ? shown`` : shown` (since ${moment(since, now)})`
  return shown`${newest}${grouped(requests)} requests still held${from}`
}

function whomText({ addresses, signed_in, users }: ThresholdHits): Shown {
  const places = shown`from ${grouped(addresses)} ${addresses === 1 ? shown`address` : shown`addresses`}`
  return shown`, ${places}, ${signedIn(signed_in, users)}`
}

/** Draws what other thresholds would have hit: `Or at 0.90: 31, none signed in · 0.75: 408, 28 signed in`. */
function ladderText(threshold: number, steps: readonly ThresholdStep[], columns: number): Shown {
  const text = shown`Or at ${steps.map(stepText).reduce((all, one) => shown`${all} · ${one}`)}`
  if (steps.length === 1 || width(text) <= columns) return text
  const above = steps.filter(step => step.threshold > threshold).length
  return ladderText(threshold, 2 * above > steps.length ? steps.slice(1) : steps.slice(0, -1), columns)
}

function stepText({ threshold, rejected, signed_in }: ThresholdStep): Shown {
  const signedIn = signed_in === 0 ? shown`none` : grouped(signed_in)
  return shown`${risk(threshold)}: ${grouped(rejected)}, ${signedIn} signed in`
}

/** Returns the time of day, with the date unless it is today. */
export const moment = (time: string, now: number): Shown =>
  day(time) === day(new Date(now).toISOString()) ? timeOfDay(time) : shortDateTime(time)

function signedIn(count: number, users: ThresholdHits["users"]): Shown {
  if (count === 0) return shown`none of signed-in users`
  const named = users.map(({ id, username, requests }) => `${show(username || shortIds(id), 64)} ${grouped(requests)}`)
  const others = users.reduce((sum, { requests }) => sum + requests, 0) < count ? ["others"] : []
  return shown`${grouped(count)} of signed-in users (${[...named, ...others].join(", ") as Shown})`
}

const risk = (value: number) => show(formatThreshold(value))
