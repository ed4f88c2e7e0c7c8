import { setImmediate } from "node:timers/promises"
import type { AccessLogEntry } from "../domain/access-log.ts"
import { toAccessLogEntry } from "../domain/to-access-log-entry.ts"
import { isEntry } from "./held.ts"
import { beforeThese, type From, type LogReading, type Passing } from "./past/reading.ts"
import type { MatchPage, PageStart } from "./protocol.ts"
import type { Ring } from "./ring.ts"

/** Maximum number of matches in a page, and of steps of the stream for one. */
const PAGE_SIZE = 500
const MOST_STEPS = 20

interface Reading {
  readonly ring: Ring
  readonly reader: LogReading
  readonly passing: Passing
  /** Duration of one slice of the ring's scan, so that reading goes on. */
  readonly sliceMs: number
  readonly signal: AbortSignal
}

type RingStart = Extract<PageStart, { number: number }>

/** Returns a page of matches from `start` on, newest first: of the ring, then of the stream before it; or of the past. */
export function readMatches(start: PageStart, reading: Reading): Promise<MatchPage> {
  if ("past" in start) return pastPage(start.past, reading)
  return "number" in start ? ringPage(start, reading) : streamPage(start.before, reading)
}

async function pastPage(from: From, { reader, passing, signal }: Reading): Promise<MatchPage> {
  const entries: AccessLogEntry[] = []
  for await (const { rows, next } of reader.back(from, passing, signal)) {
    for (const { held } of rows) if (isEntry(held)) entries.push(toAccessLogEntry(held))
    if (next && entries.length >= PAGE_SIZE) return { entries, next: { past: next }, missed: 0 }
  }
  return { entries, next: null, missed: 0 }
}

async function ringPage(start: RingStart, { ring, passing: { passes }, sliceMs }: Reading): Promise<MatchPage> {
  const entries: AccessLogEntry[] = []
  const { lowest } = start
  let { number } = start
  const before = new Map(start.before)
  let deadline = performance.now() + sliceMs
  for (; number >= ring.start; number--) {
    if (entries.length >= PAGE_SIZE) return { entries, next: { number, lowest, before }, missed: 0 }
    const held = ring.at(number)
    if (held && isEntry(held)) {
      if (before.has(held.gateway)) before.set(held.gateway, held.id)
      if (passes(held)) entries.push(toAccessLogEntry(held))
    } else if (held?.kind === "reset") before.delete(held.gateway ?? "")
    if ((number & 127) === 0 && performance.now() >= deadline) {
      await setImmediate()
      deadline = performance.now() + sliceMs
    }
  }
  const next = before.size === 0 ? null : { before: beforeThese(before, {}) }
  return { entries, next, missed: Math.max(0, number + 1 - lowest) }
}

async function streamPage(from: From, { reader, passing, signal }: Reading): Promise<MatchPage> {
  const entries: AccessLogEntry[] = []
  let steps = 0
  for await (const { rows, next } of reader.back(from, passing, signal, false)) {
    for (const { held } of rows) if (isEntry(held)) entries.push(toAccessLogEntry(held))
    if (next && (entries.length >= PAGE_SIZE || ++steps >= MOST_STEPS))
      return { entries, next: { before: next }, missed: 0 }
  }
  return { entries, next: null, missed: 0 }
}
