import type { AccessLogEntry } from "../access-log.ts"
import type { IncidentLine, PinnedChanges, SeenLine, WrittenBy } from "./incident-line.ts"

/** Whoever corrected a line or took it back, and when. */
interface Amended {
  readonly at: string
  readonly by: string | null
  readonly taken_back: boolean
}

/** A line as it stands after all corrections of it. */
export type StandingLine = Exclude<IncidentLine, Correction> & { readonly amended?: Amended }

type Correction = Extract<IncidentLine, { kind: "correction" | "withdrawal" }>

const isCorrection = (line: IncidentLine): line is Correction =>
  line.kind === "correction" || line.kind === "withdrawal"

/** An incident as its writers' lines tell it. Times are in RFC 3339. */
export interface Incident {
  readonly id: string
  readonly text: string
  /** Who began it; null for an account without a name. */
  readonly by: string | null
  readonly since: string
  /** Null while it is open. */
  readonly until: string | null
  /** Oldest first; what several consoles saw stands there once. Corrections are in the lines that they correct. */
  readonly lines: readonly StandingLine[]
}

/** Merges the files of all writers: the incidents, the newest first. What belongs to none that was begun is left out. */
export function incidentsIn(files: readonly WrittenBy[]): Incident[] {
  const all = files
    .flatMap(({ writer, lines }) => lines.map((line, place) => ({ line, writer, place, ms: Date.parse(line.at) })))
    .toSorted((a, b) => a.ms - b.ms || (a.writer < b.writer ? -1 : a.writer > b.writer ? 1 : a.place - b.place))
    .map(({ line }) => line)
  return [...Map.groupBy(all, ({ incident }) => incident)]
    .flatMap(([id, written]): Incident[] => {
      const lines = corrected(written)
      const start = lines.find(({ kind }) => kind === "start")
      if (start?.kind !== "start") return []
      const end = lines.find(({ kind }) => kind === "end")
      const { text, by, at } = start
      return [{ id, text, by, since: at, until: end?.at ?? null, lines: withoutRepetition(lines) }]
    })
    .toSorted((a, b) => Date.parse(b.since) - Date.parse(a.since) || (a.id < b.id ? -1 : 1))
}

/** Puts the corrections into the lines that they are of, the last one of each. */
function corrected(written: readonly IncidentLine[]): StandingLine[] {
  const last = new Map(written.filter(isCorrection).map(line => [line.of, line]))
  return written.flatMap((line): StandingLine[] => {
    if (isCorrection(line)) return []
    const by = line.id === undefined ? undefined : last.get(line.id)
    if (by === undefined) return [line]
    const amended = { at: by.at, by: by.by, taken_back: by.kind === "withdrawal" }
    return [{ ...line, ...("text" in line && by.kind === "correction" && { text: by.text }), amended }]
  })
}

/** The lines that were not taken back. */
const standing = ({ lines }: Pick<Incident, "lines">): readonly StandingLine[] =>
  lines.filter(({ amended }) => amended?.taken_back !== true)

/** How many lines there are of some kinds that were not taken back. */
export const countOf = (incident: Incident, ...kinds: readonly IncidentLine["kind"][]): number =>
  standing(incident).filter(({ kind }) => kinds.includes(kind)).length

/** Those that go on, the newest first. */
export const openOf = (incidents: readonly Incident[]): Incident[] => incidents.filter(({ until }) => until === null)

/** The requests that were pinned, in the order of the log. */
export function pinnedIn(incident: Incident): AccessLogEntry[] {
  const entries = standing(incident).flatMap(line => (line.kind === "entry" ? [line.entry] : []))
  return entries.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
}

/** What was written down longer than a day before the incident was begun is no part of it. */
const LONGEST_UNSEEN_MS = 24 * 3_600_000

/**
 * When the trouble began, in ms since the epoch: at the earliest request or window of a comparison that was pinned, burst or alert, else
 * with the incident.
 */
export function troubleSince(incident: Incident): number {
  const began = Date.parse(incident.since)
  const signs = standing(incident)
    .flatMap(line => {
      if (line.kind === "changes") return [line.since]
      return line.kind === "entry" || line.kind === "burst" || (line.kind === "alert" && line.is_on) ? [line.at] : []
    })
    .map(at => Date.parse(at))
    .filter(ms => ms >= began - LONGEST_UNSEEN_MS)
  return Math.min(began, ...signs)
}

/** The filters that operators looked at, the last ones first, each once. */
export const filtersIn = (incident: Incident): string[] => [
  ...new Set(
    standing(incident)
      .toReversed()
      .flatMap(line => ("filter" in line && line.filter !== "" ? [line.filter] : [])),
  ),
]

/** The comparisons that were pinned, in the order of their windows. */
export const changesIn = (incident: Incident): PinnedChanges[] =>
  standing(incident)
    .flatMap(line => (line.kind === "changes" ? [line] : []))
    .toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since))

/** What a pinned request or comparison is known by, however often it is pinned; undefined for any other line. */
function pinOf(line: SeenLine | StandingLine): string | undefined {
  if (line.kind === "entry") return line.entry.id
  return line.kind === "changes" ? [line.since, line.until, line.with, line.filter].join(" ") : undefined
}

/** Whether a request or comparison is pinned to an incident. */
export function isPinned(incident: Incident, line: SeenLine): boolean {
  const pin = pinOf(line)
  return pin !== undefined && standing(incident).some(other => pinOf(other) === pin)
}

/** Bursts that begin so soon after another one are the same, seen in bars of another width. */
const ONE_BURST_MS = 60_000

/**
 * Leaves out what was told: an alert that is on already, as another console saw it later, the burst that another one saw, and a
 * request or a comparison that was pinned before.
 */
function withoutRepetition(lines: readonly StandingLine[]): StandingLine[] {
  const on = new Map<string, boolean>()
  const pinned = new Set<string>()
  const filters = new Map<string | null, string>()
  let burstUntil = Number.NEGATIVE_INFINITY
  let isBurst = false
  return lines.filter(line => {
    switch (line.kind) {
      case "alert": {
        const isNews = (on.get(line.rule) ?? false) !== line.is_on
        on.set(line.rule, line.is_on)
        return isNews
      }
      case "burst": {
        const from = Date.parse(line.at)
        const isNews = from > burstUntil
        burstUntil = Math.max(burstUntil, from + Math.max(line.seconds * 1000, ONE_BURST_MS))
        isBurst ||= isNews
        return isNews
      }
      case "subsided": {
        const isNews = isBurst
        isBurst = false
        return isNews
      }
      case "entry":
      case "changes": {
        if (line.amended?.taken_back) return true
        const pin = pinOf(line) as string
        const isNews = !pinned.has(pin)
        pinned.add(pin)
        return isNews
      }
      case "filter": {
        const isNews = (filters.get(line.by) ?? "") !== line.filter
        filters.set(line.by, line.filter)
        return isNews
      }
      default:
        return true
    }
  })
}
