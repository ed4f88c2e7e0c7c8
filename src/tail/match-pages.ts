import { setImmediate } from "node:timers/promises"
import type { AccessLogEntry } from "../domain/access-log.ts"
import { toAccessLogEntry } from "../domain/to-access-log-entry.ts"
import type { OlderSource } from "./older-pages.ts"
import type { LogReader } from "./past/log-reader.ts"
import type { From, Passing } from "./past/reading.ts"
import type { MatchPage, PageStart } from "./protocol.ts"
import { isEntry, type Ring } from "./ring.ts"

/** Maximum number of matches in a page, and of entries looked at for one. */
const PAGE_SIZE = 500
const MAX_SCANNED = 20_000

interface Reading {
  readonly ring: Ring
  readonly source: OlderSource
  readonly reader: LogReader
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
  let { number, before } = start
  let deadline = performance.now() + sliceMs
  for (; number >= ring.start; number--) {
    if (entries.length >= PAGE_SIZE) return { entries, next: { number, lowest, before }, missed: 0 }
    const held = ring.at(number)
    if (held && isEntry(held)) {
      if (before !== null) before = held.id
      if (passes(held)) entries.push(toAccessLogEntry(held))
    } else if (held?.kind === "reset") before = null
    if ((number & 127) === 0 && performance.now() >= deadline) {
      await setImmediate()
      deadline = performance.now() + sliceMs
    }
  }
  return { entries, next: before === null ? null : { before }, missed: Math.max(0, number + 1 - lowest) }
}

async function streamPage(before: string, { source, passing: { passes }, signal }: Reading): Promise<MatchPage> {
  const entries: AccessLogEntry[] = []
  let lookedAt = 0
  for await (const step of source.readBack(before, signal)) {
    for (const entry of step) if (passes(entry)) entries.push(toAccessLogEntry(entry))
    lookedAt += step.length
    const last = step.at(-1)
    if (last && (entries.length >= PAGE_SIZE || lookedAt >= MAX_SCANNED))
      return { entries, next: { before: last.id }, missed: 0 }
  }
  return { entries, next: null, missed: 0 }
}
