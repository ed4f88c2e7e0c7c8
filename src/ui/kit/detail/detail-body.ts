import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { timeOfDay } from "../../widgets/format.ts"
import { cutPieces, type Piece, piece, piecesWidth } from "../../widgets/line.tsx"
import { failureLines, stalePieces } from "../failure-lines.ts"
import type { Detail } from "./declaration.ts"
import { fieldLines } from "./detail-fields.ts"
import { type DetailLine, MARGIN, textLine } from "./detail-lines.ts"
import type { Section } from "./detail-section.ts"
import type { ReadState } from "./read-state.ts"

/** Columns that a long name leaves for how much is below and the age of the readings, and those that it always has. */
const BEHIND = 29
const LEAST_NAME = 16

interface Canvas {
  readonly columns: number
  /** Milliseconds since the epoch. */
  readonly now: number
  /** All of it is read again, since somebody asked for it. */
  readonly isRefreshing: boolean
  /** Where what may lag was read. */
  readonly readFrom: readonly Piece[]
}

/** Drawing of a detail: a fixed title with the age of the readings at its right, and lines that scroll. */
export type Drawing = ReturnType<typeof detailBody>

export function detailBody<Params, Subject>(
  detail: Detail<Params, Subject>,
  whole: ReadState<Subject>,
  parts: readonly ReadState[],
  canvas: Canvas,
) {
  const { value: subject, failure } = whole
  const name = piece(shown` ${show(detail.title)}  `, "dim")
  if (subject === undefined) {
    const room = canvas.columns - 2 * width(MARGIN)
    const lines = failure
      ? failureLines(failure, room).map(pieces => textLine(...pieces))
      : [textLine(piece(shown`reading…`, "dim"))]
    return { title: [name], right: [], lines: [textLine(), ...lines] }
  }
  const sections = detail.sections.flatMap((section, index) =>
    section.isThere?.(subject) === false ? [] : sectionLines(section, parts[index] as ReadState, subject, canvas),
  )
  const stale = failure && whole.asOf !== null ? stalePieces(whole.asOf, canvas.now, failure) : undefined
  const [called, ...notes] = detail.name(subject)
  const others = [name, ...notes, ...(stale ?? [])]
  const room = Math.max(LEAST_NAME, canvas.columns - piecesWidth([...others, ...canvas.readFrom]) - BEHIND)
  const title = [name, ...cutPieces(called ? [called] : [], room), ...notes]
  return {
    title: [...title, ...(stale ?? [])],
    right: stale
      ? []
      : [...canvas.readFrom, piece(canvas.isRefreshing ? shown`reading… ` : readAt([whole, ...parts]), "dim")],
    lines: [textLine(), ...fieldLines(detail.fields(subject), canvas.columns), ...sections],
  }
}

/** Draws `as of 14:02:31 `, the time of the oldest part. */
function readAt(all: readonly ReadState[]): Shown {
  if (all.some(({ reading }) => reading)) return shown`reading… `
  const times = all.flatMap(({ asOf }) => asOf ?? [])
  return times.length === 0 ? shown`` : shown`as of ${timeOfDay(Math.min(...times))} `
}

/** Draws the heading of a section, and its rows or the state of their reading. */
function sectionLines<Subject>(
  section: Section<Subject>,
  { value, asOf, failure, reading }: ReadState,
  subject: Subject,
  { columns, now }: Canvas,
): DetailLine[] {
  const heading = piece(shown` ${section.heading} `, "strong")
  const head = (...pieces: Piece[]): DetailLine[] => [textLine(), { pieces: [heading, ...pieces] }]
  if (value !== undefined) {
    const lines = section.lines(value, subject, columns).map(line => named(line, section))
    if (section.isQuiet && lines.length === 0) return []
    return [...head(...(failure && asOf !== null ? stalePieces(asOf, now, failure) : [])), ...lines]
  }
  if (failure) {
    return [...head(), ...failureLines(failure, columns - 2 * width(MARGIN)).map(pieces => textLine(...pieces))]
  }
  if (section.isQuiet) return []
  return [...head(), textLine(piece(reading ? shown`reading…` : shown``, "dim"))]
}

const named = (line: DetailLine, { heading }: { heading: string }): DetailLine =>
  line.key === undefined ? line : { ...line, key: `${heading} ${line.key}` }
