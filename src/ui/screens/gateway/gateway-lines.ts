import type { GatewayInspection } from "../../../domain/gateway.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { blank, type Piece, piece } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { hanging, wrap } from "../../widgets/wrap.ts"
import type { Row } from "./gateway-rows.ts"

/** Lines, and which of them the cursor is at. */
export interface GatewayLines {
  readonly lines: readonly Piece[][]
  readonly at: number
}

const MARK = 2
const LABEL = MARK + 16
const SIGN = 2
const GAP = 2
/** Notes need so much beside the columns; where there is less they stand below. */
const NOTES = 24
const WIDE = LABEL + 3 * 20 + NOTES
const WIDEST_VALUE = 28

interface Layout {
  readonly value: number
  readonly proposed: number
  /** Columns of the notes beside; 0 where they stand below. */
  readonly notes: number
}

function layoutFor(columns: number): Layout {
  const isWide = columns >= WIDE
  const room = columns - LABEL - (isWide ? NOTES : 0)
  const value = Math.min(WIDEST_VALUE, Math.floor(room / 3))
  const proposed = isWide ? value : columns - LABEL - 2 * value
  return { value, proposed, notes: isWide ? columns - LABEL - 2 * value - proposed : 0 }
}

/** The three columns, with what else the gateway's copy holds. */
export function gatewayLines(rows: readonly Row[], { unknown }: GatewayInspection, columns: number): GatewayLines {
  const layout = layoutFor(columns)
  const blocks = rows.map(row => rowLines(row, layout, columns))
  const above = blocks
    .slice(
      0,
      rows.findIndex(row => row.proposed.here),
    )
    .flat().length
  return { lines: [heading(layout), ...blocks.flat(), ...keptLines(unknown, columns)], at: above + 1 }
}

const heading = ({ value, proposed }: Layout): Piece[] => [
  piece(blank(LABEL)),
  piece(fit(shown`database`, value), "dim"),
  piece(fit(shown`gateway's copy`, value), "dim"),
  piece(fit(shown`${blank(SIGN)}proposed`, proposed), "dim"),
]

function rowLines(row: Row, layout: Layout, columns: number): Piece[][] {
  const { here } = row.proposed
  const pieces = [
    piece(here ? shown`▌ ` : blank(MARK), "key"),
    piece(fit(row.label, LABEL - MARK), here ? "key" : "dim"),
    inCell(row.database, layout.value),
    inCell(row.copy, layout.value),
    ...proposedPieces(row, layout.proposed),
  ]
  const notes = [...row.notes, ...(here ? wholeOf(row, layout) : [])]
  if (layout.notes === 0) return [pieces, ...notes.flatMap(note => below(note, columns))]
  const beside = notes.flatMap(([text, tone]) => wrap(text, layout.notes).map(line => piece(line, tone)))
  const [first, ...others] = beside
  const left = blank(columns - layout.notes)
  return [[...pieces, ...(first ? [first] : [])], ...others.map(note => [piece(left), note])]
}

const inCell = ([text, tone]: Piece, columns: number): Piece =>
  piece(shown`${fit(text, columns - GAP)}${blank(GAP)}`, tone)

function proposedPieces({ proposed: { sign, value, typed } }: Row, columns: number): Piece[] {
  const mark = piece(fit(sign, SIGN), "look")
  const room = columns - SIGN - GAP
  if (typed === undefined) return [mark, inCell(value, columns - SIGN)]
  const field = fieldPieces(typed, room, { focused: true })
  const taken = field.reduce((sum, [text]) => sum + width(text), 0)
  return taken <= room
    ? [mark, ...field, piece(blank(columns - SIGN - taken))]
    : [mark, ...cutTo(field, room), piece(blank(GAP))]
}

/** What is typed behind the cursor has the room that is left. */
function cutTo(field: readonly Piece[], room: number): Piece[] {
  const [before, cursor, [after]] = field as [Piece, Piece, Piece]
  return [before, cursor, piece(fit(after, room - width(before[0]) - width(cursor[0])))]
}

const below = ([text, tone]: Piece, columns: number) => hanging(piece(blank(LABEL)), text, columns, tone)

/** The values at the cursor that the cells had to cut. */
function wholeOf({ database, copy, proposed }: Row, { value, proposed: last }: Layout): Piece[] {
  const cells: [Shown, Piece, number][] = [
    [shown`database`, database, value - GAP],
    [shown`copy`, copy, value - GAP],
    [shown`proposed`, proposed.value, last - SIGN - GAP],
  ]
  const standing = proposed.typed === undefined ? cells : cells.slice(0, 2)
  const cut = standing.filter(([, [text], room]) => width(text) > room)
  return cut.map(([name, [text]]) => piece(shown`${name}: ${text}`, "dim"))
}

/** What else the copy holds: it stays. */
function keptLines(unknown: GatewayInspection["unknown"], columns: number): Piece[][] {
  const names = Object.keys(unknown)
  if (names.length === 0) return []
  const kept = names.map(name => shown`${show(name, 64)} ${spell(unknown[name])}`)
  const label = piece(fit(shown`${blank(MARK)}kept as it is`, LABEL), "dim")
  return hanging(
    label,
    kept.reduce((all, one) => shown`${all}, ${one}`),
    columns,
    "dim",
  )
}

/** A value is told, not printed whole. */
const spell = (value: unknown): Shown =>
  typeof value === "number" ? grouped(value) : show(typeof value === "string" ? value : JSON.stringify(value), 64)
