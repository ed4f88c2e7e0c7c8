import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { type AlertChange, alertFigure } from "../../../domain/alerts/rule-watch.ts"
import { API_KEYS_LOGGED, textMissesApiKeys } from "../../../domain/api-key-requests.ts"
import { entryName } from "../../../domain/entry-name.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { aheadText, lateText } from "../../../domain/stream-clock.ts"
import type { Marker } from "../../../tail/held.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import type { Size } from "../../kit/screen.ts"
import { age, grouped, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { emphasized, type Layout, notePieces, rowPieces } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { hanging } from "../../widgets/wrap.ts"
import type { LogRow } from "../shared/log-columns.ts"
import { foundRow } from "./found.ts"
import type { LogState } from "./log-state.ts"
import { beginningText, pastMarkerText } from "./past-text.ts"
import type { MissingStream } from "./use-empty-log.ts"

interface Rows {
  readonly snapshot: TailSnapshot
  readonly state: LogState
  readonly layout: Layout<LogRow>
  readonly names: ReadonlyMap<string, string>
  readonly marked: ReadonlyMap<string, AccessLogEntry>
  /** Text that is searched for. */
  readonly find: string | undefined
  /** Null where the stream exists, or that is not known. */
  readonly missing: MissingStream | null
  /** The log has the keyboard. */
  readonly hasKeyboard: boolean
  /** A field has the keyboard: letters are text. */
  readonly isTyping: boolean
  readonly size: Size
}

/** Draws the visible rows; the one before the oldest match tells how far back the log reaches. */
export function logRows(rows: Rows): Piece[][] {
  const { snapshot, state, size } = rows
  if (snapshot.end === snapshot.start) return nothingMatches(rows)
  const count = Math.min(size.rows, snapshot.end - state.top)
  return Array.from({ length: count }, (_, index) => logRow(rows, state.top + index))
}

function logRow(
  { snapshot, state, layout, names, marked, find, hasKeyboard, isTyping, size }: Rows,
  ordinal: number,
): Piece[] {
  const { columns } = size
  if (ordinal < snapshot.start) return notePieces(startText(snapshot, isTyping), "dim", columns)
  const how = ordinal !== state.cursor ? "plain" : hasKeyboard ? "selected" : "left"
  const row = snapshot.rows[ordinal - snapshot.rowsFrom]
  if (!row) return emphasized([piece(shown` `), piece(shown`…`, "dim")], how, columns)
  if (row.kind === "alert") return emphasized(notePieces(...alertNote(row, names), columns), how, columns)
  if (row.kind !== "entry") {
    const tone = row.kind === "seam" || row.kind === "begins" ? "dim" : "look"
    return emphasized(notePieces(markerText(row, snapshot.now), tone, columns), how, columns)
  }
  const cells = rowPieces(layout, { entry: row.entry, username: names.get(row.entry.user_id) })
  const isMarked = marked.has(entryName(row.entry))
  return row.isFound && find !== undefined
    ? foundRow(cells, find, how, columns, isMarked)
    : emphasized(cells, how, columns, isMarked)
}

/** Returns `alert began 14:02:30: error% > 5 for 30s (12%)`, or the end of an alert and its duration. */
function alertNote(alert: AlertChange, names: ReadonlyMap<string, string>): [Shown, Tone] {
  const rule = show(alert.rule)
  const { since, endedAt } = alert
  if (endedAt === null) {
    return [shown`alert began ${timeOfDay(since)}: ${rule} (${show(alertFigure(alert, names))})`, "act"]
  }
  return [shown`alert ended ${timeOfDay(endedAt)}, after ${age(endedAt - since)}: ${rule}`, "good"]
}

/** Returns the text of a marker, of several gateways behind the name: `us: 4 900 entries were trimmed before they could be read, 14:02:10 to 14:02:31`. */
function markerText(marker: Exclude<Marker, { kind: "alert" }>, now: number): Shown {
  const text = ownMarkerText(marker, now)
  return marker.gateway === undefined ? text : shown`${show(marker.gateway)}: ${text}`
}

function ownMarkerText(marker: Exclude<Marker, { kind: "alert" }>, now: number): Shown {
  if (marker.kind === "ahead") return show(aheadText(marker.aheadMs))
  if (marker.kind === "late") return show(lateText(marker.byMs))
  if (marker.kind !== "gap") return pastMarkerText(marker, now)
  const time = (id: string) => timeOfDay(Number(id.split("-")[0]))
  const when = shown`${time(marker.from)} to ${time(marker.to)}`
  if (marker.failover) {
    const lost = marker.lost === 0 ? shown`entries may be missing` : shown`${grouped(marker.lost)} or more are missing`
    return shown`failover: ${lost}, ${when}`
  }
  if (!marker.exact) return shown`entries may be missing here, ${when}`
  if (marker.lost === 1) return shown`1 entry was trimmed before it could be read, ${when}`
  return shown`${grouped(marker.lost)} entries were trimmed before they could be read, ${when}`
}

function nothingMatches({ snapshot, missing, isTyping, size: { columns } }: Rows): Piece[][] {
  if (snapshot.scanned < 1 || snapshot.older.state === "loading") return [[piece(shown`   looking…`, "dim")]]
  if (snapshot.link.state !== "live") return [[piece(shown`   nothing was read yet`, "dim")]]
  const empty = snapshot.filter === "" ? shown`The log is empty.` : shown`Nothing matches ${show(snapshot.filter)}`
  const what = missing ? shown`The stream ${missing.stream} does not exist.` : empty
  return [
    [],
    [piece(shown`   ${what}`, "strong")],
    ...(missing === null
      ? [[piece(shown`   ${lookedBack(snapshot, isTyping)}`, "dim")]]
      : hanging(piece(shown`   `), missing.says, columns - 1, "look")),
    [piece(shown`   New entries that match appear here.`, "dim")],
    ...(textMissesApiKeys(snapshot.filter) ? [[piece(shown`   ▲ ${show(API_KEYS_LOGGED)}`, "look")]] : []),
  ]
}

function lookedBack({ older, held }: TailSnapshot, isTyping: boolean): Shown {
  if (older.state === "beginning") {
    if (older.isOfHistory) return shown`Searched back to the start of the history.`
    const why = older.why === undefined ? shown`` : shown` ${show(older.why)}.`
    return shown`Searched back to the start of the stream, ${grouped(held)} entries are in the buffer.${why}`
  }
  if (older.state === "failed") return shown`Reading older entries failed: ${show(older.reason)}.`
  const to = older.lookedBackTo
  return to === null
    ? shown`Searched ${grouped(held)} entries.`
    : shown`Searched back to ${timeOfDay(to)}${isTyping ? shown`` : shown`; k searches further`}.`
}

function startText({ older, filter }: TailSnapshot, isTyping: boolean): Shown {
  const unless = (key: Shown) => (isTyping ? shown`` : key)
  switch (older.state) {
    case "beginning":
      return beginningText(older, filter !== "")
    case "loading":
      return shown`reading older entries…`
    case "failed":
      return shown`older entries could not be read: ${show(older.reason)}${unless(shown` (k tries again)`)}`
    case "full":
      return shown`the buffer is full; narrow the filter to go further back`
    case "more":
      if (older.isAtHistory && older.lookedBackTo !== null) {
        return isTyping ? shown`older entries are in the history` : shown`k reads older entries, from the history`
      }
      return older.lookedBackTo === null
        ? isTyping
          ? shown`older entries are in the stream`
          : shown`k reads older entries`
        : shown`searched back to ${timeOfDay(older.lookedBackTo)}${unless(shown`; k searches further`)}`
  }
}
