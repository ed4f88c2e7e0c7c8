import { readEntryName } from "./entry-name.ts"
import { DeckError } from "./errors.ts"
import { time } from "./fields.ts"
import { isStreamId } from "./stream-entry.ts"

/** A moment of the log, in ms since the epoch, or one of its entries by its name. */
export type TimeTarget = { readonly ms: number } | { readonly id: string }

/** Clock of the operator who types a time. */
export interface TypedAt {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether it shows the local time of this machine instead of UTC. */
  readonly isLocal: boolean
}

/** Accepted forms, and their meanings. */
export const TIME_TARGETS = [
  ["14:02, 14:02:30", "the last such time of day"],
  ["2026-03-01 14:02", "a day and a time of it"],
  ["-15m", "this long ago, in s, m, h, d or w"],
  ["2026-03-01T12:00:00Z", "a time with its zone"],
  ["1700000012345-0", "the id of an entry"],
] as const

/** Parses `typed`; a time of day is its last occurrence by the clock of `at`. Throws DeckError `invalid`. */
export function parseTimeTarget(typed: string, at: TypedAt): TimeTarget {
  const text = typed.trim()
  if (text.includes("-", 1) && isStreamId(readEntryName(text).id)) return { id: text }
  const ms = lastAt(text, at) ?? onDay(text, at) ?? agoFrom(text, at.now) ?? instant(text)
  if (ms === undefined) throw invalid(`write ${TIME_TARGETS.map(([example]) => example).join(", ")}`)
  if (ms > at.now) throw invalid("this time is in the future")
  return { ms: Math.max(0, ms) }
}

const invalid = (message: string) => new DeckError("invalid", message, { field: "time" })

/**
 * Returns the moment that a term like `since:1d` names, in ms since the epoch: so long ago (`90m`, `12h`, `30d`, `2w`), the
 * last such time of day, the begin of a day or of `today`, or a time with its zone; all of it UTC unless it says otherwise. Undefined for
 * anything else.
 */
export function momentOf(typed: string, now: number): number | undefined {
  if (typed === "today") return now - (now % DAY_MS)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? instant(`${typed}T00:00:00Z`) : undefined
  const ms = agoFrom(`-${typed}`, now) ?? lastAt(typed, { now, isLocal: false }) ?? day ?? instant(typed)
  return ms && Math.max(0, ms)
}

type Clock = readonly [hour: number, minute: number, second: number, ms: number]

/** Parses `14:02`, `14:02:30` or `14:02:30.5`. */
function clockIn(text: string): Clock | undefined {
  const [, hour, minute, second = "0"] = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(text) ?? []
  if (Number(hour) > 23 || Number(minute) > 59 || !(Number(second) < 60) || hour === undefined) return undefined
  return [Number(hour), Number(minute), 0, Number((Number(second) * 1000).toFixed(0))]
}

/** Whether a text is a time of day. */
export const isClock = (text: string): boolean => clockIn(text) !== undefined

/** Returns when it is such a time of day on the day of the moment `ms`, in UTC; both in ms since the epoch. */
export const clockOn = (ms: number, text: string): number =>
  new Date(ms).setUTCHours(...(clockIn(text) ?? ([0, 0, 0, 0] as const)))

/** Returns the last such time of day. */
function lastAt(text: string, { now, isLocal }: TypedAt): number | undefined {
  const clock = clockIn(text)
  if (clock === undefined) return undefined
  const day = new Date(now)
  const setClock = () => (isLocal ? day.setHours(...clock) : day.setUTCHours(...clock))
  if (setClock() <= now) return day.getTime()
  if (isLocal) day.setDate(day.getDate() - 1)
  else day.setUTCDate(day.getUTCDate() - 1)
  // Set again, since a day on which clocks are changed has other hours.
  return setClock()
}

/** Parses `2026-03-01 14:02`, or with seconds. */
function onDay(text: string, { isLocal }: TypedAt): number | undefined {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2}) (\d{1,2}:\d{2}(?::\d{2})?)$/.exec(text) ?? []
  if (day === undefined || clock === undefined) return undefined
  // A time without a zone is one of this machine; a day that does not exist is none, though Date would take the next.
  const whole = `${day}T${clock.padStart(clock.length < 6 ? 5 : 8, "0")}`
  const ms = instant(`${whole.padEnd(19, ":00")}Z`)
  return ms === undefined || !isLocal ? ms : new Date(whole).getTime()
}

const DAY_MS = 86_400_000
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS }

function agoFrom(text: string, now: number): number | undefined {
  const [, count, unit = ""] = /^-(\d{1,9})\s?([smhdw])$/.exec(text) ?? []
  return count === undefined ? undefined : now - Number(count) * (UNITS[unit] as number)
}

const instant = (text: string): number | undefined => (time.safeParse(text).success ? Date.parse(text) : undefined)
