import { Box } from "ink"
import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Marker } from "../../live/ring.ts"
import type { TailRow, TailSnapshot } from "../../live/tail-protocol.ts"
import type { Size } from "../../screen/screen.ts"
import { grouped, timeOfDay } from "../../widgets/format.ts"
import { Line, piece } from "../../widgets/line.tsx"
import { type Layout, NoteRow, TableRow } from "../../widgets/table.tsx"
import type { LogRow } from "./log-columns.ts"
import type { LogState } from "./log-state.ts"

interface RowsProps {
  readonly snapshot: TailSnapshot
  readonly state: LogState
  readonly layout: Layout<LogRow>
  readonly names: ReadonlyMap<string, string>
  readonly marked: ReadonlyMap<string, AccessLogEntry>
  readonly size: Size
}

/** The visible rows; the one before the oldest match says how far back the log reaches. */
export function LogRows({ snapshot, state, layout, names, marked, size }: RowsProps) {
  const { columns } = size
  if (snapshot.end === snapshot.start) return <NothingMatches snapshot={snapshot} columns={columns} />
  const count = Math.min(size.rows, snapshot.end - state.top)
  return (
    <Box flexDirection="column">
      {Array.from({ length: count }, (_, index) => {
        const ordinal = state.top + index
        if (ordinal < snapshot.start)
          return <NoteRow key={ordinal} text={startText(snapshot)} tone="dim" columns={columns} selected={false} />
        const row = snapshot.rows[ordinal - snapshot.rowsFrom]
        return (
          <LogLine
            key={ordinal}
            row={row}
            names={names}
            layout={layout}
            columns={columns}
            selected={ordinal === state.cursor}
            marked={row?.kind === "entry" && marked.has(row.entry.id)}
          />
        )
      })}
    </Box>
  )
}

interface LineProps {
  readonly row: TailRow | undefined
  readonly names: ReadonlyMap<string, string>
  readonly layout: Layout<LogRow>
  readonly columns: number
  readonly selected: boolean
  readonly marked: boolean
}

function LogLine({ row, names, layout, columns, selected, marked }: LineProps) {
  if (!row) return <Line pieces={[piece(shown` …`, "dim")]} columns={columns} selected={selected} />
  if (row.kind !== "entry") return <NoteRow text={markerText(row)} tone="look" columns={columns} selected={selected} />
  const logRow = { entry: row.entry, username: names.get(row.entry.user_id) }
  return <TableRow layout={layout} row={logRow} columns={columns} selected={selected} marked={marked} />
}

/** What a loss or a new stream is called; `4 900 entries were trimmed before they could be read, 14:02:10 to 14:02:31`. */
function markerText(marker: Marker): Shown {
  if (marker.kind === "reset") return shown`the stream was made anew: what it held before is gone`
  const time = (id: string) => timeOfDay(Number(id.split("-")[0]))
  const when = shown`${time(marker.from)} to ${time(marker.to)}`
  if (!marker.exact) return shown`entries may be missing here, ${when}`
  const entries = marker.lost === 1 ? shown`entry was` : shown`entries were`
  return shown`${grouped(marker.lost)} ${entries} trimmed before they could be read, ${when}`
}

function NothingMatches({ snapshot, columns }: { snapshot: TailSnapshot; columns: number }) {
  if (snapshot.scanned < 1 || snapshot.older.state === "loading") {
    return <Line pieces={[piece(shown`   looking…`, "dim")]} columns={columns} />
  }
  if (snapshot.link.state !== "live")
    return <Line pieces={[piece(shown`   nothing was read yet`, "dim")]} columns={columns} />
  const what = snapshot.filter === "" ? shown`The log is empty.` : shown`Nothing matches ${show(snapshot.filter)}`
  return (
    <Box flexDirection="column">
      <Line pieces={[]} columns={columns} />
      <Line pieces={[piece(shown`   ${what}`, "strong")]} columns={columns} />
      <Line pieces={[piece(shown`   ${lookedBack(snapshot)}`, "dim")]} columns={columns} />
      <Line pieces={[piece(shown`   New entries that match appear here.`, "dim")]} columns={columns} />
    </Box>
  )
}

function lookedBack({ older, held }: TailSnapshot): Shown {
  if (older.state === "beginning")
    return shown`Looked back to the start of the stream, ${grouped(held)} entries are in the ring.`
  if (older.state === "failed") return shown`Looking back failed: ${show(older.reason)}.`
  const to = older.lookedBackTo
  return to === null
    ? shown`Looked at ${grouped(held)} entries.`
    : shown`Looked back to ${timeOfDay(to)}; k looks further.`
}

function startText({ older }: TailSnapshot): Shown {
  switch (older.state) {
    case "beginning":
      return shown`start of the stream; it holds no older entries`
    case "loading":
      return shown`reading older entries…`
    case "failed":
      return shown`older entries could not be read: ${show(older.reason)} (k tries again)`
    case "full":
      return shown`enough older entries are held; narrow the filter to go further back`
    case "more":
      return older.lookedBackTo === null
        ? shown`k reads older entries`
        : shown`looked back to ${timeOfDay(older.lookedBackTo)}; k looks further`
  }
}
