import { statusClass } from "../domain/status-class.ts"
import { parseStreamId } from "../domain/stream-entry.ts"
import type { Matches } from "./matches.ts"
import type { LogTarget } from "./protocol.ts"
import { isEntry } from "./ring.ts"

/** Both halves of a stream id. */
type Id = readonly [ms: number, seq: number]

const isBefore = ([ms, seq]: Id, other: Id) => ms < other[0] || (ms === other[0] && seq < other[1])

/** Returns the ordinal at which `target` begins, else the newest; undefined where that is before the id `reach`. */
export function locate(matches: Matches, target: LogTarget, reach: string | undefined): number | undefined {
  if (matches.start === matches.end) return undefined
  if ("before" in target) {
    const last = lastBefore(matches, target.before)
    return last === undefined ? undefined : firstFrom(matches, [Math.floor(last / target.barMs) * target.barMs, 0])
  }
  const id: Id = "id" in target ? parseStreamId(target.id) : [target.ms, 0]
  const first = firstFrom(matches, id)
  if (first === matches.start && (reach === undefined || isBefore(id, parseStreamId(reach)))) return undefined
  if (first === undefined) return matches.end - 1
  return "failedWithin" in target ? (firstFailed(matches, first, target.ms + target.failedWithin) ?? first) : first
}

/** Returns the first match not before `id`, in the newest run of rising ids that has matches on both sides of it. */
function firstFrom(matches: Matches, id: Id): number | undefined {
  let first: number | undefined
  for (const [from, to] of runs(matches)) {
    const at = lowerBound(matches, from, to, id)
    if (at < to) first = at
    if (first !== undefined && at > from) break
  }
  return first
}

/** Returns the time in milliseconds of the last match before a moment. */
function lastBefore(matches: Matches, ms: number): number | undefined {
  for (const [from, to] of runs(matches)) {
    const at = lowerBound(matches, from, to, [ms, 0])
    if (at > from) return idAt(matches, at - 1)[0]
  }
  return undefined
}

/** Returns the first error from an ordinal on and before a moment. */
function firstFailed(matches: Matches, from: number, beforeMs: number): number | undefined {
  for (let ordinal = from; ordinal < matches.end && idAt(matches, ordinal)[0] < beforeMs; ordinal++) {
    const held = matches.at(ordinal)
    if (held && isEntry(held) && statusClass(held.number("status")) === "5xx") return ordinal
  }
  return undefined
}

/** Returns the runs of rising ids, newest first. Ids may go back where the stream was recreated. */
function* runs({ start, end, resets }: Matches): Generator<[from: number, to: number]> {
  let to = end
  for (const reset of resets.toReversed()) {
    if (reset + 1 < to) yield [reset + 1, to]
    to = reset
  }
  if (start < to) yield [start, to]
}

/** Returns the first ordinal of a run that is not before `id`; `to` where all are. */
function lowerBound(matches: Matches, from: number, to: number, id: Id): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isBefore(idAt(matches, middle), id)) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the id of a row. A loss has that of the first lost entry, any other marker that of the row before it. */
function idAt(matches: Matches, ordinal: number): Id {
  for (let at = ordinal; at >= matches.start; at--) {
    const held = matches.at(at)
    if (held && isEntry(held)) return [held.ms, held.seq]
    if (held?.kind === "gap") return parseStreamId(held.from)
  }
  return [0, 0]
}
