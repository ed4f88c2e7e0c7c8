import type { TimelineRow } from "../../../domain/run-timeline.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { bar } from "../../widgets/chart.ts"
import { duration, grouped } from "../../widgets/format.ts"
import { blank, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"

/** Row of a timeline, with what it is drawn in. */
export interface DrawnRow {
  readonly row: TimelineRow
  /** Both ends of the timeline, ms since the epoch. */
  readonly first: number
  readonly now: number
  readonly pieces: number
  readonly isSlowest: boolean
}

/** A wait is what the user was asked; segments are parts of an answer, told apart by their events. */
const WORDS: Readonly<Record<string, Shown>> = {
  "run.input_requested": shown`waits for input`,
  "run.segment.start": shown`segment`,
  "run.llm.retry": shown`retry`,
  "run.provider_fallback": shown`fallback`,
  "run.context_compact": shown`compaction`,
}

export const timelineColumns: readonly Column<DrawnRow>[] = [
  {
    header: shown`START`,
    width: 7,
    align: "right",
    cell: ({ row, first }) => piece(sinceText(row.begin - first), "dim"),
  },
  { header: shown`WHAT`, width: 24, least: 18, cell: ({ row }) => piece(nameOf(row), toneOf(row)) },
  { header: shown``, width: "rest", least: 16, cell: (drawn, room) => piece(waterfall(drawn, room), barTone(drawn)) },
  {
    header: shown`TOOK`,
    width: 6,
    align: "right",
    cell: ({ row, now, isSlowest }) => (isSlowest ? piece(shown`▲${took(row, now)}`, "look") : piece(took(row, now))),
  },
  { header: shown`TOKENS`, width: 16, align: "right", dropAs: 2, after: 30, cell: ({ row }) => piece(tokens(row)) },
  { header: shown`COST`, width: 9, align: "right", dropAs: 1, after: 24, cell: ({ row }) => piece(cost(row)) },
]

function nameOf({ kind, name }: TimelineRow): Shown {
  if (kind === "turn") return shown`turn ${show(name)}`
  if (kind === "tool") return shown`  ${name === "" ? shown`unnamed tool` : show(name, 200)}`
  return WORDS[name] ?? show(name, 200)
}

function toneOf({ outcome, kind, name }: TimelineRow): Tone {
  if (outcome === "failed") return "act"
  if (outcome === "repeated") return "look"
  if (kind === "turn") return "strong"
  return kind === "event" && name !== "run.completed" ? "dim" : "plain"
}

function barTone({ row: { outcome, kind }, isSlowest }: DrawnRow): Tone {
  if (outcome === "failed") return "act"
  if (outcome === "repeated" || isSlowest) return "look"
  return kind === "turn" || kind === "tool" ? "key" : "dim"
}

/** Draws a bar to scale, or a tick for what takes no time, and beside it what there is to say. */
function waterfall(drawn: DrawnRow, room: number): Shown {
  const { row, first, now } = drawn
  const whole = now - first
  const texts = notesOf(drawn)
  if (!(whole > 0) || !Number.isFinite(row.begin)) return texts[0] as Shown
  const from = Math.min(room - 1, Math.floor(((row.begin - first) / whole) * room))
  const length = row.kind === "event" ? 0 : (((row.end ?? now) - row.begin) / whole) * room
  const cells = Math.max(1, Math.min(room - from, Math.ceil(length)))
  const mark = row.kind === "event" ? shown`│` : bar(length / cells, cells)
  const [before, behind] = [from - 1, room - from - cells - 1]
  const side = Math.max(before, behind)
  // The slowest one is often as long as the timeline: where nothing fits beside it, it is marked within its bar.
  if (drawn.isSlowest && side < width(SLOWEST) && cells >= width(SLOWEST) + 4) {
    return shown`${blank(from)}${bar(1, 1)} ${SLOWEST} ${bar(1, cells - width(SLOWEST) - 3)}`
  }
  const text = texts.find(text => width(text) <= side) ?? (texts.at(-1) as Shown)
  if (text === "" || side < LEAST_TEXT) return shown`${blank(from)}${mark}`
  if (width(text) <= behind || behind >= before) return shown`${blank(from)}${mark} ${text}`
  return shown`${fit(text, before, "right")} ${mark}`
}

const SLOWEST = shown`slowest`

/** Columns below which a text that does not fit is not begun. */
const LEAST_TEXT = 7

/** What there is to say of a row, and the same with less where there is little room. */
function notesOf({ row: { note, kind, end }, pieces, isSlowest }: DrawnRow): Shown[] {
  const slowest = isSlowest ? SLOWEST : kind !== "event" && end === undefined ? "goes on" : ""
  const chunks = pieces > 0 ? `${pieces} ${pieces === 1 ? "chunk" : "chunks"}` : ""
  const streamed = chunks === "" ? "" : `${chunks} streamed`
  return [[slowest, note, streamed], [slowest, note, chunks], [slowest, note], [note || slowest]].map(texts =>
    show(texts.filter(Boolean).join(", "), 600),
  )
}

const sinceText = (ms: number): Shown => (Number.isFinite(ms) ? shown`+${duration(ms)}` : shown`-`)

function took({ kind, begin, end }: TimelineRow, now: number): Shown {
  if (kind === "event") return shown``
  const ms = (end ?? now) - begin
  if (!Number.isFinite(ms)) return shown`-`
  return end === undefined ? shown`${duration(Math.max(0, ms))}…` : duration(ms)
}

const tokens = ({ input_tokens: into, output_tokens: out }: TimelineRow): Shown =>
  into === null && out === null ? shown`` : shown`${grouped(into ?? 0)} › ${grouped(out ?? 0)}`

const cost = ({ cost_micros: micros }: TimelineRow): Shown =>
  micros === null ? shown`` : shown`$${show((micros / 1_000_000).toFixed(4))}`
