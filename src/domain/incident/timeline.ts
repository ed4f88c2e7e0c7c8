import { z } from "zod"
import { rfc3339 } from "../access-log.ts"
import { groupDigits as grouped } from "../grouped.ts"
import type { StandingLine } from "./incident.ts"

/** What a row of the timeline is. */
const KINDS = [
  "start",
  "note",
  "pinned",
  "mover",
  "compared",
  "alert",
  "calm",
  "burst",
  "subsided",
  "filter",
  "change",
  "end",
] as const

/** A row of an incident's timeline (contract, section 10, `incident show`). */
export const timelineRow = z.object({
  at: z.string(),
  what: z.enum(KINDS),
  /** An operator; null for an account without a name. */
  by: z.string().nullable(),
  text: z.string(),
  /** Names what can be corrected or taken back, for `incident correct` and `incident unpin`. */
  line: z.string().optional(),
  /** Who corrected it last, or took it back; the text is the corrected one. */
  amended: z.object({ at: z.string(), by: z.string().nullable(), taken_back: z.boolean() }).optional(),
})
export type TimelineRow = z.infer<typeof timelineRow>

/** The same for the console: where the row leads to. */
export const timelinePlace = timelineRow.extend({
  /** Tells rows apart. */
  id: z.string(),
  leads: z.object({ to: z.enum(["entry", "filter", "change"]), value: z.string() }).nullable(),
})
export type TimelinePlace = z.infer<typeof timelinePlace>

/** Whose the rows are that consoles write by themselves: what they saw is nobody's. */
const SEEN_BY_ALL = new Set<TimelineRow["what"]>(["alert", "calm", "burst", "subsided"])

/** What can be corrected, and what can be taken back. */
export const CORRECTED: ReadonlySet<TimelineRow["what"]> = new Set(["start", "note"])
export const PINNED: ReadonlySet<TimelineRow["what"]> = new Set(["pinned", "mover", "compared"])

/** The row of a line. */
export function placeOf(line: StandingLine, index: number): TimelinePlace {
  const what = kindOf(line)
  const by = SEEN_BY_ALL.has(what) ? null : line.by
  const { at, amended } = line
  const isAmendable = line.id !== undefined && (CORRECTED.has(what) || PINNED.has(what))
  return {
    ...{ at, what, by, text: said(line), id: `${index}`, leads: leadOf(line) },
    ...(isAmendable && { line: line.id }),
    ...(amended && { amended }),
  }
}

/** Puts what others know of the time among the rows, by their times. */
export const inTime = (rows: readonly TimelinePlace[]): TimelinePlace[] =>
  rows.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))

function kindOf(line: StandingLine): TimelineRow["what"] {
  if (line.kind === "entry") return "pinned"
  if (line.kind === "changes") return "compared"
  return line.kind === "alert" && !line.is_on ? "calm" : line.kind
}

function leadOf(line: StandingLine): TimelinePlace["leads"] {
  if (line.kind === "burst" && line.scope !== undefined) return { to: "filter", value: line.scope }
  if (line.kind === "entry") return { to: "entry", value: line.entry.id }
  return "filter" in line && line.filter !== "" ? { to: "filter", value: line.filter } : null
}

function said(line: StandingLine): string {
  switch (line.kind) {
    case "start":
    case "note":
      return line.text
    case "end":
      return "the incident is over"
    case "entry": {
      const { method, path, status_code, duration_ms, client_ip, username, user_id } = line.entry
      const took = duration_ms === null ? "" : ` in ${grouped(duration_ms)} ms`
      const from = [client_ip, username || user_id].filter(part => part !== "").join(", ")
      return `${method} ${path}: ${status_code ?? "no status"}${took}${from === "" ? "" : `, ${from}`}`
    }
    case "mover": {
      const p95 = line.p95 === null ? "" : `, p95 ${grouped(Math.round(line.p95))} ms`
      const fared = `4xx ${percent(line.refused)}, 5xx ${percent(line.failed)}${p95}`
      return `${line.dimension} ${line.value}: ${grouped(line.requests)} requests in ${line.minutes} min, ${fared}`
    }
    case "changes": {
      const [first] = line.values
      const most = first === undefined ? "" : `; most: ${first.dimension} ${first.value}`
      const times = `${clock(line.since, line.at)} to ${clock(line.until, line.at)}`
      return `${line.filter || "all requests"}, ${times}: ${perSecond(line.before_per_s)} before, ${perSecond(line.after_per_s)} then${most}`
    }
    case "alert": {
      const of = [line.figure, line.of].filter(part => part !== null && part !== "").join(", ")
      return line.is_on && of !== "" ? `${line.rule}: ${of}` : line.rule
    }
    case "burst":
      return `errors begin: ${grouped(line.failed)} of all ${grouped(line.requests)} requests failed in ${line.seconds} s${line.scope === undefined ? "" : `; unusual: ${line.scope}`}`
    case "subsided":
      return `${grouped(line.failed)} of ${grouped(line.requests)} requests failed since ${clock(line.since, line.at)}`
    case "filter":
      return line.filter === "" ? "the log of everything" : line.filter
  }
}

const perSecond = (rate: number) => `${Number(rate.toPrecision(2))}/s`

const percent = (share: number) => `${Math.round(share * 100)}%`

/** Writes a moment beside another: the time alone where they are of one day. */
function clock(at: string, beside: string): string {
  const [day, time = ""] = toSecond(at).split("T")
  return toSecond(beside).startsWith(`${day}T`) ? time : toSecond(at)
}

/** Writes a moment of a row to the second. */
export const toSecond = (at: string): string => rfc3339(Math.floor(Date.parse(at) / 1000) * 1000)
