import type { InspectedRun } from "../../../domain/inspected-run.ts"
import { isRunning } from "../../../domain/run.ts"
import { runTime, runTimeText } from "../../../domain/run-time.ts"
import type { TimelineRow } from "../../../domain/run-timeline.ts"
import { show, shown, width } from "../../../domain/safe-text.ts"
import { type DetailLine, MARGIN, tableLines, textLine } from "../../kit/detail/detail-lines.ts"
import type { Section } from "../../kit/detail/detail-section.ts"
import { grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"
import { rightTo } from "./content.ts"
import { type DrawnRow, timelineColumns } from "./timeline-columns.ts"
import { LONGEST, type Timeline, timelineReading } from "./timeline-reading.ts"

/** Interval of looking at a run that is running, in ms. */
export const RUNNING_MS = 2_000
/** Interval between the parts of a long timeline, in ms. */
const PARTS_MS = 50

/** Section of a run's screen: its turns, tools, waits and events as bars to scale, each of which opens. */
export const timelineSection: Section<InspectedRun> = {
  heading: shown`Timeline`,
  source: timelineReading,
  every: (value, run) => ((value as Timeline).ends === "reading" ? PARTS_MS : isRunning(run) ? RUNNING_MS : undefined),
  lines: (value, run, columns) => {
    const timeline = value as Timeline
    const kept = drawn.get(timeline)
    if (kept?.columns === columns && kept.status === run.status) return kept.lines
    const lines = timelineLines(timeline, run, columns)
    drawn.set(timeline, { columns, status: run.status, lines })
    return lines
  },
}

/** A timeline of thousands of rows is drawn once, not with every tick of the clock. */
const drawn = new WeakMap<Timeline, { columns: number; status: string; lines: readonly DetailLine[] }>()

function timelineLines(timeline: Timeline, run: InspectedRun, columns: number): DetailLine[] {
  const { events, rows, ends, readAt } = timeline
  if (events.length === 0) return [textLine(piece(shown`no events yet`, "dim"))]
  // What has no end in the timeline of a run that has ended ended with the last that is known.
  const times = rows.flatMap(({ begin, end }) => [begin, end ?? begin]).filter(Number.isFinite)
  const last = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY)
  const now = isRunning(run) && ends === "all" ? Math.max(readAt, last) : last
  const first = times.reduce((earliest, time) => Math.min(earliest, time), Date.parse(run.created_at))
  const time = runTime(rows, now)
  const counts = piecesOf(timeline)
  const rowsDrawn = rows.map(
    (row): DrawnRow => ({ row, first, now, pieces: counts.get(row) ?? 0, isSlowest: row === time.slowest }),
  )
  const summary = runTimeText(time)
  const read = ends === "all" ? "" : `  (of the first ${events.length} events)`
  return [
    ...wrap(show(summary === "" ? "" : summary + read), columns - 2 * width(MARGIN))
      .filter(text => text !== "")
      .map(text => textLine(piece(text, "strong"))),
    ...tableLines<DrawnRow>(
      {
        columns: timelineColumns,
        rowKey: ({ row }) => String(row.seqs[0]),
        open: ({ row }, shell) => {
          const { run_id } = run
          shell.open("runEvent", { run_id, seqs: row.seqs.map(String), right: rightTo(shell.deck, run_id) })
        },
      },
      rowsDrawn,
      columns,
    ).map(withoutCopy),
    ...furtherLines(timeline, run),
  ]
}

/** What is drawn of a row is no record: the event behind it is what can be copied. */
const withoutCopy = ({ copyable: _, ...line }: DetailLine): DetailLine => line

function furtherLines({ ends, events }: Timeline, run: InspectedRun): DetailLine[] {
  if (ends === "all") return []
  if (ends === "reading") return [textLine(piece(shown`reading on…`, "dim"))]
  const after = show(String(events.at(-1)?.seq))
  return [
    textLine(
      piece(
        shown`only the first ${grouped(LONGEST)} events; the others: opsdeck runs events ${show(run.run_id)} --after ${after}`,
        "dim",
      ),
    ),
  ]
}

/** Counts the pieces of streams within each turn: those between its first event and the first one of the next turn. */
function piecesOf({ rows, pieces }: Timeline): Map<TimelineRow, number> {
  const turns = rows.filter(({ kind }) => kind === "turn")
  const counts = new Map<TimelineRow, number>()
  let at = -1
  for (const [seq, count] of [...pieces].sort(([a], [b]) => (a < b ? -1 : 1))) {
    while (at + 1 < turns.length && (turns[at + 1]?.seqs[0] as bigint) <= seq) at++
    const turn = turns[at]
    if (turn) counts.set(turn, (counts.get(turn) ?? 0) + count)
  }
  return counts
}
