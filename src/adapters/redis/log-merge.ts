import { comesBeforeOther } from "../../domain/entry-name.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { StreamEvent } from "./follow.ts"

/** What comes from the log of all gateways: entries of any of them, or what happened to one, whose name it has where it has one. */
export type LogEvent =
  | (StreamEvent & { readonly gateway?: string })
  /** The entries of a gateway that follow are older than those of others that were given; told once, and again after others. */
  | { readonly kind: "late"; readonly gateway: string; readonly byMs: number }

/** How long an entry waits for older ones of other gateways. */
const WAIT_MS = 250
/** How long it waits for one that has yet to read what was there before. */
const BEHIND_WAIT_MS = 3_000
/** How long all wait for the first of a gateway that is not connected yet. */
const FIRST_WAIT_MS = 1_000
/** By how much entries are late, at the least, to be told. */
const LATE_MS = 1_000

/** What a gateway's follower gave, and is not taken yet. */
interface Lane {
  readonly gateway: string
  readonly queue: { readonly event: StreamEvent; readonly atMs: number }[]
  /** Entries taken of the first event. */
  taken: number
  /** Entries in the queue. */
  held: number
  state: "connecting" | "up" | "down"
  /** There are entries that it has yet to read. */
  isBehind: boolean
  isLate: boolean
}

/**
 * Merges the streams of several gateways by time: milliseconds, gateway, id (contract, section 10). An entry waits until every
 * other gateway that is connected has given something later, or for 250 ms, and longer for one that is catching up; what comes later
 * than that is told to be late. Times given to it are of one steady clock, in ms.
 */
export class LogMerge {
  private readonly lanes: readonly Lane[]
  private readonly startedMs: number
  /** When the latest of those that were given counts. */
  private countedAt = Number.NEGATIVE_INFINITY

  constructor(gateways: readonly string[], nowMs: number) {
    this.startedMs = nowMs
    this.lanes = gateways
      .toSorted()
      .map(gateway => ({ gateway, queue: [], taken: 0, held: 0, state: "connecting", isBehind: false, isLate: false }))
  }

  /** Takes an event of a gateway's follower. */
  push(gateway: string, event: StreamEvent, nowMs: number): void {
    const lane = this.laneOf(gateway)
    if (event.kind === "entries") {
      for (const entry of event.entries) entry.gateway = gateway
      lane.held += event.entries.length
      lane.isBehind = event.isAll !== true
    } else lane.isBehind = event.kind === "connected" && event.isBehind === true
    lane.queue.push({ event, atMs: nowMs })
  }

  /** How many entries of a gateway wait. */
  heldOf(gateway: string): number {
    return this.laneOf(gateway).held
  }

  /** When something that waits may be taken though nothing else comes; undefined where nothing waits. */
  get dueMs(): number | undefined {
    const waiting = this.lanes.flatMap(({ queue: [first] }) => (first === undefined ? [] : [first.atMs]))
    return waiting.length === 0 ? undefined : this.giveUpMs(Math.min(...waiting))
  }

  /** Takes what need not wait any longer, in order. */
  *take(nowMs: number): Generator<LogEvent> {
    let entries: StreamEntry[] = []
    for (;;) {
      for (const lane of this.lanes) {
        for (let first = lane.queue[0]; first !== undefined && first.event.kind !== "entries"; first = lane.queue[0]) {
          if (entries.length > 0) yield { kind: "entries", entries }
          entries = []
          lane.queue.shift()
          yield this.passed(lane, first.event)
        }
      }
      const next = this.next(nowMs)
      if (next === undefined) break
      const [lane, limit] = next
      const byMs = this.countedAt - headOf(lane).at
      if (byMs >= LATE_MS && !lane.isLate) {
        if (entries.length > 0) yield { kind: "entries", entries }
        entries = []
        yield { kind: "late", gateway: lane.gateway, byMs }
      }
      lane.isLate = byMs >= LATE_MS
      this.moveRun(lane, limit, entries)
    }
    if (entries.length > 0) yield { kind: "entries", entries }
  }

  private laneOf(gateway: string): Lane {
    return this.lanes.find(one => one.gateway === gateway) as Lane
  }

  private passed(lane: Lane, event: Exclude<StreamEvent, { kind: "entries" }>): LogEvent {
    if (event.kind === "connected") lane.state = "up"
    if (event.kind === "disconnected") lane.state = "down"
    return { ...event, gateway: lane.gateway }
  }

  /** The lane whose entry is next, and the one whose entry comes after its own; undefined where all have to wait. */
  private next(nowMs: number): [lane: Lane, limit: Lane | undefined] | undefined {
    let first: Lane | undefined
    let second: Lane | undefined
    let isWaitedFor = false
    for (const lane of this.lanes) {
      if (lane.queue.length === 0) {
        isWaitedFor ||= lane.state !== "down"
      } else if (first === undefined || comesBeforeOther(headOf(lane), headOf(first))) {
        second = first
        first = lane
      } else if (second === undefined || comesBeforeOther(headOf(lane), headOf(second))) second = lane
    }
    if (first === undefined) return undefined
    if (isWaitedFor && nowMs < this.giveUpMs(first.queue[0]?.atMs ?? nowMs)) return undefined
    return [first, second]
  }

  private giveUpMs(atMs: number): number {
    const isFirst = this.lanes.some(({ state }) => state === "connecting")
    const isBehind = this.lanes.some(({ queue, isBehind }) => queue.length === 0 && isBehind)
    return Math.max(atMs + (isBehind ? BEHIND_WAIT_MS : WAIT_MS), isFirst ? this.startedMs + FIRST_WAIT_MS : 0)
  }

  /** Moves the entries of the lane's first event up to that of `limit`. */
  private moveRun(lane: Lane, limit: Lane | undefined, into: StreamEntry[]): void {
    const [first] = lane.queue
    if (first?.event.kind !== "entries") return
    const { entries } = first.event
    const end = limit && headOf(limit)
    do {
      const entry = entries[lane.taken++] as StreamEntry
      if (entry.at < this.countedAt) entry.behind = this.countedAt
      else this.countedAt = entry.at
      into.push(entry)
      lane.held--
    } while (
      lane.taken < entries.length &&
      (end === undefined || comesBeforeOther(entries[lane.taken] as StreamEntry, end))
    )
    if (lane.taken < entries.length) return
    lane.queue.shift()
    lane.taken = 0
  }
}

/** The next entry of a lane, whose first event is one of entries. */
function headOf({ queue: [first], taken }: Lane): StreamEntry {
  if (first?.event.kind !== "entries") throw new RangeError("no entry is next")
  return first.event.entries[taken] as StreamEntry
}
