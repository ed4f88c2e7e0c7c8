import { formatThreshold } from "../../../domain/gateway.ts"
import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { ThresholdHits } from "../../../domain/threshold-count.ts"
import type { ThresholdStep } from "../../../domain/threshold-ladder.ts"
import { failureLines } from "../../kit/failure-lines.ts"
import { day, grouped, shortDateTime, shortIds, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { hanging } from "../../widgets/wrap.ts"
import type { Simulation } from "./use-simulation.ts"

/** Draws whom the proposed threshold would have hit. `now` is in ms since the epoch. */
export function hitLines({ proposed, counted, failure }: Simulation, now: number, columns: number): Piece[][] {
  const says = (text: Shown, tone: Tone = "plain") => hanging(piece(shown` `), text, columns, tone)
  if (proposed === undefined) return says(shown`A threshold from 0 to 1 shows here whom it would hit.`, "dim")
  if (proposed === 0) return says(shown`At 0.00 nothing is rejected.`)
  if (failure !== undefined) return failureLines(failure, columns - 1).map(line => [piece(shown` `), ...line])
  const isNew = counted?.threshold === proposed
  const counting = says(shown`Counting whom ${risk(proposed)} would have hit…`, "look")
  return [
    ...(isNew ? [] : counting),
    ...(counted ? says(hitText(counted.threshold, counted.hits, now), isNew ? "plain" : "dim") : []),
    ...(counted?.hits.ladder.length
      ? says(ladderText(counted.threshold, counted.hits.ladder, columns - 1), "dim")
      : []),
    ...says(shown`What the gateway already rejects is logged with risk 0 and is not in this count.`, "dim"),
  ]
}

/** Says once more, before it is saved, whom `threshold` would have hit; nothing where that was not counted. */
export const impactOf = ({ counted }: Simulation, threshold: number, now: number): Shown[] =>
  counted?.threshold === threshold ? [hitText(counted.threshold, counted.hits, now)] : []

function hitText(threshold: number, hits: ThresholdHits, now: number): Shown {
  const { requests, seen, since, rejected, addresses, signed_in, users } = hits
  const at = shown`At ${risk(threshold)}, of`
  if (requests === 0) return shown`${at} no requests: nothing is held, and the stream is empty.`
  const newest = seen < requests ? shown`the newest ${grouped(seen)} of ` : shown``
  const from = since === null ? shown`` : shown` (since ${moment(since, now)})`
  const looked = shown`${newest}${grouped(requests)} requests still held${from}`
  if (rejected === 0) return shown`${at} ${looked}: none rejected.`
  const places = shown`from ${grouped(addresses)} ${addresses === 1 ? shown`address` : shown`addresses`}`
  return shown`${at} ${looked}: ${grouped(rejected)} rejected, ${places}, ${signedIn(signed_in, users)}.`
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
