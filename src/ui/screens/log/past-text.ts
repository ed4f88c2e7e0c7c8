import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Marker } from "../../../tail/held.ts"
import type { Older, TailSnapshot } from "../../../tail/protocol.ts"
import { day, grouped, rate, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"

type PastMarker = Extract<Marker, { kind: "reset" | "unrecorded" | "seam" | "unreadable" | "unreachable" | "begins" }>
type Reason = Extract<Marker, { kind: "unrecorded" }>["reason"]

const DAY_MS = 86_400_000

const dayOf = (ms: number) => day(new Date(ms).toISOString())

/** Formats a moment as seen from `now`: `14:02:31`, `14:02:31 yesterday`, `14:02:31 on 11-22`. */
function momentText(ms: number, now: number): Shown {
  const that = dayOf(ms)
  if (that === dayOf(now)) return timeOfDay(ms)
  if (that === dayOf(now - DAY_MS)) return shown`${timeOfDay(ms)} yesterday`
  return shown`${timeOfDay(ms)} on ${dayText(ms, now)}`
}

/** Formats a day: `11-22` of this year, else the whole date. */
function dayText(ms: number, now: number): Shown {
  const [that, today] = [dayOf(ms), dayOf(now)]
  return that.slice(0, 4) === today.slice(0, 4) ? show(that.slice(5)) : that
}

/** Formats since when: `14:02` of today, else the day. */
const sinceText = (ms: number, now: number): Shown =>
  dayOf(ms) === dayOf(now) ? show(timeOfDay(ms).slice(0, 5)) : dayText(ms, now)

const REASONS: Readonly<Record<Reason, string>> = {
  not_recording: "recorder restarted",
  trimmed: "the stream dropped them before the recorder read them",
  not_written: "the history could not be written",
  epoch_ended: "the stream was recreated meanwhile",
  failover: "Redis failed over",
  not_yet: "the recorder is behind, or stopped",
}

/** Returns the text of a row between those of the history: `312 requests were not recorded, 02:10:04 to 02:14:31 (recorder restarted)`. */
export function pastMarkerText(marker: PastMarker, now: number): Shown {
  switch (marker.kind) {
    case "reset":
      return marker.atMs === undefined
        ? shown`the stream was recreated: its earlier entries are gone`
        : shown`the stream was recreated, ${timeOfDay(marker.atMs)}`
    case "seam":
      return marker.since === null
        ? shown`above: from the history; below: from the stream`
        : shown`above: from the history, without a gap since ${sinceText(marker.since, now)}; below: from the stream`
    case "unreadable":
      return shown`a file of the history cannot be read and is left out: ${show(marker.file)}`
    case "begins":
      return shown`its log begins here; what is older is of the others`
    case "unreachable":
      return shown`older requests cannot be read and are left out: ${show(marker.reason)}`
    case "unrecorded": {
      const { lost, from, to, reason } = marker
      const time = (id: string) => timeOfDay(Number(id.split("-")[0]))
      const when = to === null ? shown`from ${time(from)} on` : shown`${time(from)} to ${time(to)}`
      const what =
        lost === 0
          ? shown`requests may be missing here`
          : lost === 1
            ? shown`1 request was not recorded`
            : shown`${grouped(lost)} requests were not recorded`
      return shown`${what}, ${when} (${show(REASONS[reason])})`
    }
  }
}

/** Says where the log begins. */
export function beginningText(
  { isOfHistory, why }: Extract<Older, { state: "beginning" }>,
  isFiltered: boolean,
): Shown {
  if (isOfHistory)
    return shown`start of the history: nothing older ${isFiltered ? shown`passes the filter` : shown`was recorded`}`
  return why === undefined
    ? shown`start of the stream; it holds no older entries`
    : shown`start of the stream; ${show(why)}`
}

/** Draws that the log shows the past: when, where its rows come from, and the key that leads back; live goes on meanwhile. */
export function pastPieces(
  { past, statistics, rows, rowsFrom }: TailSnapshot,
  cursor: number,
  { now, isTyping, columns }: { readonly now: number; readonly isTyping: boolean; readonly columns: number },
): Piece[] {
  if (past === null) return []
  const entry = rows.slice(0, Math.max(0, cursor - rowsFrom + 1)).findLast(row => row.kind === "entry")
  const when = entry === undefined ? shown`the past` : momentText(entry.at, now)
  const source = cursor < past.seam ? shown`history` : shown`stream`
  const head = piece(shown` ◷ ${when}, from the ${source}`, "look")
  const live = piece(shown`${rate(statistics.perSecond)} `, "dim")
  const right = isTyping ? [live] : [piece(shown`G`, "key"), piece(shown` go live   `), live]
  const since =
    past.since === null || cursor >= past.seam
      ? undefined
      : piece(shown` (recorded without a gap since ${sinceText(past.since, now)})`, "dim")
  const whole = since ? [head, since] : [head]
  return spread(piecesWidth(whole) + piecesWidth(right) < columns ? whole : [head], right, columns)
}
