import type { GatewayInspection, InspectedCopy } from "../../../domain/gateway.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { blank, filled, type Piece, piece } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { hanging, wrap } from "../../widgets/wrap.ts"
import { namesOf } from "./gateway-copies.ts"
import type { Row } from "./gateway-rows.ts"

const MARK = 2
const LABEL = MARK + 16
const SIGN = 2
const GAP = 2
/** Notes need so much beside the columns; where there is less they stand below. */
const NOTES = 24
const WIDE = LABEL + 3 * 20 + NOTES
const WIDEST_CELL = 28

/** Columns of what stands in each cell, without the gap behind it; no notes where they stand below. */
type Layout = ReturnType<typeof layoutFor>

function layoutFor(columns: number) {
  const isWide = columns >= WIDE
  const room = columns - LABEL - SIGN - (isWide ? NOTES : 0)
  const cell = Math.min(WIDEST_CELL, Math.ceil(room / 3))
  const left = columns - LABEL - 2 * cell - SIGN
  const value = cell - GAP
  return isWide ? { value, proposed: value, notes: left - cell } : { value, proposed: left, notes: 0 }
}

/** Draws the three columns, and the other members of the gateway's copy; `at` is the line of the cursor. */
export function gatewayLines(rows: readonly Row[], { copies }: GatewayInspection, columns: number) {
  const layout = layoutFor(columns)
  const blocks = rows.map(row => rowLines(row, layout, columns))
  const here = rows.findIndex(row => row.here)
  const above = blocks.slice(0, here).flat().length
  return { lines: [heading(layout), ...blocks.flat(), ...keptLines(copies, columns)], at: above + 1 }
}

const heading = ({ value }: Layout): Piece[] => [
  piece(blank(LABEL)),
  piece(fit(shown`database`, value + GAP), "dim"),
  piece(fit(shown`gateway's copy`, value + GAP), "dim"),
  piece(shown`${blank(SIGN)}proposed`, "dim"),
]

function rowLines(row: Row, layout: Layout, columns: number): Piece[][] {
  const { here } = row
  const pieces = [
    piece(here ? shown`▌ ` : blank(MARK), "key"),
    piece(fit(row.label, LABEL - MARK), here ? "key" : "dim"),
    ...filled([row.database], layout.value),
    piece(blank(GAP)),
    ...filled([row.copy], layout.value),
    piece(blank(GAP)),
    ...proposedPieces(row, layout.proposed),
  ]
  const notes = [...row.notes, ...(here ? wholeOf(row, layout) : [])]
  if (layout.notes === 0) return [pieces, ...notes.flatMap(note => below(note, layout, columns))]
  const beside = notes.flatMap(([text, tone]) => wrap(text, layout.notes).map(line => piece(line, tone)))
  const [first, ...others] = beside
  const left = blank(columns - layout.notes)
  return [[...pieces, ...(first ? [piece(blank(GAP)), first] : [])], ...others.map(note => [piece(left), note])]
}

const proposedPieces = ({ sign, value, typed }: Row, columns: number): Piece[] => [
  piece(fit(sign, SIGN), "look"),
  ...filled(typed === undefined ? [value] : fieldPieces(typed, columns, { focused: true }), columns),
]

/** Draws a mistake below the proposed value, further to the left where it needs the room. */
function below([text, tone]: Piece, { proposed }: Layout, columns: number): Piece[][] {
  const left = columns - Math.max(width(text), proposed)
  return hanging(piece(blank(Math.max(LABEL, left))), text, columns, tone)
}

/** Returns in full the values at the cursor that the cells cut. */
function wholeOf({ database, copy, value, typed }: Row, layout: Layout): Piece[] {
  const cells: [Shown, Piece, number][] = [
    [shown`database`, database, layout.value],
    [shown`copy`, copy, layout.value],
    [shown`proposed`, value, layout.proposed],
  ]
  const shownCells = typed === undefined ? cells : cells.slice(0, 2)
  const cut = shownCells.filter(([, [text], room]) => width(text) > room)
  return cut.map(([name, [text]]) => piece(shown`${name}: ${text}`, "dim"))
}

/** Most members that are named. */
const KEPT_NAMED = 6

/** Draws the other members of the copies, which stay; where they differ, with the names of the gateways. */
function keptLines(copies: readonly InspectedCopy[], columns: number): Piece[][] {
  const known = copies.filter(({ trouble }) => trouble === null)
  const kept = [...Map.groupBy(known, ({ unknown }) => JSON.stringify(unknown)).values()]
  const told = kept.flatMap(([first, ...others]): Shown[] => {
    if (first === undefined || Object.keys(first.unknown).length === 0) return []
    const members = membersText(first.unknown)
    return [kept.length === 1 ? members : shown`${namesOf([first, ...others])}: ${members}`]
  })
  return told.flatMap((text, index) => {
    const label = index === 0 ? shown`${blank(MARK)}kept as it is` : shown``
    return hanging(piece(fit(label, LABEL), "dim"), text, columns, "dim")
  })
}

function membersText(unknown: InspectedCopy["unknown"]): Shown {
  const names = Object.keys(unknown)
  const kept = names.slice(0, KEPT_NAMED).map(name => shown`${show(name, 64)} ${spell(unknown[name])}`)
  const others = names.length > KEPT_NAMED ? [shown`and ${grouped(names.length - KEPT_NAMED)} more`] : []
  return [...kept, ...others].reduce((all, one) => shown`${all}, ${one}`)
}

/** Describes a value in short. */
const spell = (value: unknown): Shown =>
  typeof value === "number" ? grouped(value) : show(typeof value === "string" ? value : JSON.stringify(value), 32)
