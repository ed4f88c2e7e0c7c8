import { beginningOf } from "../domain/bursts.ts"
import { comesBefore, type EntryOrder, entryName, orderOfName } from "../domain/entry-name.ts"
import { statusClass } from "../domain/status-class.ts"
import { parseStreamId } from "../domain/stream-entry.ts"
import { isEntry, isReset } from "./held.ts"
import type { LogPlace } from "./protocol.ts"
import type { Rows } from "./row-list.ts"

/** An entry by its name, and by when it counts (`domain/stream-clock`). */
export interface Place {
  readonly name: string
  readonly at: number
}

/** Tells whether the row of an ordinal comes before what is looked for; rows of a run are in this order. */
type IsBefore = (matches: Rows, ordinal: number) => boolean

/** Returns the ordinal at which `target` begins, else the newest; undefined where that is before `reach`. */
export function locate(matches: Rows, target: LogPlace, reach: Place | undefined): number | undefined {
  if (matches.start === matches.end) return undefined
  if ("before" in target) {
    const last = lastBefore(matches, target.before)
    return last === undefined
      ? undefined
      : firstFrom(matches, isEarlier(Math.floor(last / target.barMs) * target.barMs))
  }
  const first = "id" in target ? firstNamed(matches, target.id) : firstFrom(matches, isEarlier(target.ms))
  const isBefore = reach === undefined ? first === matches.start : isBeyond(target, reach)
  if (isBefore && first !== undefined && first <= oldestEntry(matches)) return undefined
  if (first === undefined) return matches.end - 1
  return "failedWithin" in target ? (burstWithin(matches, first, target) ?? first) : first
}

/** Ordinal of the oldest row that is an entry: a marker before it has no time of its own. */
function oldestEntry(rows: Rows): number {
  for (let ordinal = rows.start; ordinal < rows.end; ordinal++) {
    const held = rows.at(ordinal)
    if (held && isEntry(held)) return ordinal
  }
  return rows.start
}

const isEarlier =
  (ms: number): IsBefore =>
  (matches, ordinal) =>
    timeAt(matches, ordinal) < ms

/** Returns the row of an entry, or the next one in order: what came late from a gateway is in no order. */
function firstNamed(matches: Rows, name: string): number | undefined {
  const order = orderOfName(name)
  const first = firstFrom(matches, (rows, ordinal) => comesBefore(orderAt(rows, ordinal), order))
  const isIt = (ordinal: number) => {
    const held = matches.at(ordinal)
    return held !== undefined && isEntry(held) && entryName(held) === name
  }
  if (order[1] === "" || (first !== undefined && isIt(first))) return first
  for (let ordinal = matches.end - 1; ordinal >= matches.start; ordinal--) if (isIt(ordinal)) return ordinal
  return first
}

const isBeyond = (target: { readonly id: string } | { readonly ms: number }, { name, at }: Place) =>
  "id" in target ? comesBefore(orderOfName(target.id), orderOfName(name)) : target.ms < at

/** Returns the first match not before it, in the newest run that has matches on both sides of it. */
function firstFrom(matches: Rows, isBefore: IsBefore): number | undefined {
  let first: number | undefined
  for (const [from, to] of runs(matches)) {
    const at = lowerBound(matches, from, to, isBefore)
    if (at < to) first = at
    if (first !== undefined && at > from) break
  }
  return first
}

/** Returns the time in milliseconds of the last match before a moment. */
function lastBefore(matches: Rows, ms: number): number | undefined {
  for (const [from, to] of runs(matches)) {
    const at = lowerBound(matches, from, to, isEarlier(ms))
    if (at > from) return timeAt(matches, at - 1)
  }
  return undefined
}

/** Returns the error at which a burst begins, from an ordinal on; undefined where there is none in time. */
function burstWithin(
  matches: Rows,
  from: number,
  { ms, failedWithin }: Extract<LogPlace, { readonly failedWithin: number }>,
): number | undefined {
  const errors: number[] = []
  for (let ordinal = from; ordinal < matches.end && timeAt(matches, ordinal) < ms + failedWithin; ordinal++) {
    const held = matches.at(ordinal)
    if (held && isEntry(held) && statusClass(held.number("status")) === "5xx") errors.push(ordinal)
  }
  const times = errors.map(ordinal => timeAt(matches, ordinal))
  return errors[beginningOf(times, ms)]
}

/** Returns the runs of rising ids and times, newest first. They may go back where the stream was recreated. */
function* runs({ start, end, resets }: Rows): Generator<[from: number, to: number]> {
  let to = end
  for (const reset of resets.toReversed()) {
    if (reset + 1 < to) yield [reset + 1, to]
    to = reset
  }
  if (start < to) yield [start, to]
}

/** Returns the first ordinal of a run that is not before what is looked for; `to` where all are. */
function lowerBound(matches: Rows, from: number, to: number, isBefore: IsBefore): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isBefore(matches, middle)) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the order of a row. A loss has that of the first lost entry, any other marker that of the row before it. */
function orderAt(matches: Rows, ordinal: number): EntryOrder {
  for (let at = ordinal; at >= matches.start; at--) {
    const held = matches.at(at)
    if (held && isEntry(held)) return [held.ms, held.gateway, held.seq]
    if (held?.kind === "gap") return orderOfName(entryName({ gateway: held.gateway, id: held.from }))
  }
  return [0, "", 0]
}

/** Returns when a row counts, in ms since the epoch. A marker has the time of the row before it, a loss that of its first lost entry if it is later. */
export function timeAt(matches: Rows, ordinal: number): number {
  const row = matches.at(ordinal)
  if (row && isEntry(row)) return row.placedAt
  const before = matches.at(ordinal - 1)
  const earliest = ordinal === matches.start || !before || isReset(before) ? 0 : timeAt(matches, ordinal - 1)
  if (row?.kind !== "gap") return earliest
  const [lost] = parseStreamId(row.from)
  return Math.max(earliest, Math.min(lost, nextTime(matches, ordinal)))
}

/** Returns when the next entry counts. */
function nextTime(matches: Rows, ordinal: number): number {
  for (let at = ordinal + 1; at < matches.end; at++) {
    const held = matches.at(at)
    if (held && isEntry(held)) return held.placedAt
  }
  return Number.POSITIVE_INFINITY
}
