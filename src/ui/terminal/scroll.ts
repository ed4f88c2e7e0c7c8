import { leftMargin, NO_MARGINS } from "./margins.ts"
import { type Cells, cellsOf, isSameCell } from "./row-cells.ts"

/**
 * Scroll of the rows from `top` to `bottom`, both included and from 0, by `by` rows up, or down where it is negative; of
 * their first `columns` alone where that is set.
 */
export interface Scroll {
  readonly top: number
  readonly bottom: number
  readonly by: number
  readonly columns?: number
}

/** What a terminal shows in a row: its text, or cells; null where that is not certain. */
export type Shown = string | Cells | null

interface Votes {
  count: number
  top: number
  bottom: number
}

/** Length of a row's beginning that identifies it: what is beside a list stays in place when the list moves. */
const BEGINNING = 60

const beginningOf = (text: string) => text.slice(0, BEGINNING)

/**
 * Returns how most of the rows common to `before` and `after` moved; undefined when none did. Each text that occurs
 * once in `before`, as a row or as the beginning of one, votes for its own movement.
 */
export function findScroll(before: readonly string[], after: readonly string[]): Scroll | undefined {
  const places = placesOf(before)
  const ways = new Map<number, Votes>()
  after.forEach((text, row) => {
    const from = places.get(text) ?? places.get(beginningOf(text))
    if (from === undefined || from === row) return
    const votes = ways.get(from - row) ?? { count: 0, top: Math.min(from, row), bottom: 0 }
    votes.count++
    votes.bottom = Math.max(from, row)
    ways.set(from - row, votes)
  })
  const [most] = [...ways].sort(([, a], [, b]) => b.count - a.count)
  if (!most) return undefined
  const [by, { top, bottom }] = most
  return { top, bottom, by }
}

/**
 * Returns the columns, from the first on, that move with `scroll` where what is beside them stays in place; undefined
 * where whole rows do.
 */
export function columnsThatMove(
  before: readonly string[],
  after: readonly string[],
  { top, bottom, by }: Scroll,
): number | undefined {
  let least: number | undefined
  for (let row = top; row <= bottom; row++) {
    const [old, text] = [before[row + by] ?? "", after[row] ?? ""]
    if (text === old || beginningOf(text) !== beginningOf(old)) continue
    const [one, other] = [cellsOf(old), cellsOf(text)]
    if (one && other) least = Math.min(least ?? Number.POSITIVE_INFINITY, columnsAlike(one, other))
  }
  return least
}

function columnsAlike(one: Cells, other: Cells): number {
  let column = 0
  while (column < one.characters.length && isSameCell(one, other, column)) column++
  return column
}

/** Returns the rows after `scroll`: rows that come into view are blank. */
export function scrolled(rows: readonly string[], { top, bottom, by, columns }: Scroll): Shown[] {
  const moved: Shown[] = [...rows]
  for (let row = top; row <= bottom; row++) {
    const from = row + by
    const text = from < top || from > bottom ? "" : (rows[from] ?? "")
    moved[row] = columns === undefined ? text : besideEachOther(text, rows[row] ?? "", columns)
  }
  return moved
}

/** The first `columns` of one row, and behind them what another has there. */
function besideEachOther(first: string, second: string, columns: number): Shown {
  const [left, right] = [cellsOf(first), cellsOf(second)]
  if (!left || !right) return null
  const beside = (one: readonly string[], other: readonly string[], blank: string) => [
    ...Array.from({ length: columns }, (_, column) => one[column] ?? blank),
    ...other.slice(columns),
  ]
  return { characters: beside(left.characters, right.characters, " "), styles: beside(left.styles, right.styles, "") }
}

/**
 * Sequence that scrolls the terminal: DECSTBM, then DL or IL, which a VT102 has already; the Linux console has no SU
 * and SD. Rows that come into view take the current background, which is therefore reset before.
 */
export function scrollSequence({ top, bottom, by, columns }: Scroll): string {
  const move = by > 0 ? `${by}M` : `${-by}L`
  const [narrow, wide] = columns === undefined ? ["", ""] : [leftMargin(columns), NO_MARGINS]
  return `\x1b[m${narrow}\x1b[${top + 1};${bottom + 1}r\x1b[${top + 1}H\x1b[${move}\x1b[r${wide}`
}

/** Indexes of the rows, and of their beginnings, that occur once; blank rows do not count. */
function placesOf(rows: readonly string[]): Map<string, number | undefined> {
  const places = new Map<string, number | undefined>()
  rows.forEach((text, row) => {
    if (text === "") return
    for (const key of new Set([text, beginningOf(text)])) places.set(key, places.has(key) ? undefined : row)
  })
  return places
}
