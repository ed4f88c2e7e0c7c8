/**
 * Scroll of the rows from `top` to `bottom`, both included and from 0, by `by` rows up, or down where it is negative.
 */
export interface Scroll {
  readonly top: number
  readonly bottom: number
  readonly by: number
}

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

/** Returns the rows after `scroll`: rows that come into view are blank. */
export function scrolled(rows: readonly string[], { top, bottom, by }: Scroll): string[] {
  const moved = [...rows]
  for (let row = top; row <= bottom; row++) {
    const from = row + by
    moved[row] = from < top || from > bottom ? "" : (rows[from] ?? "")
  }
  return moved
}

/**
 * Sequence that scrolls the terminal: DECSTBM, then DL or IL, which a VT102 has already; the Linux console has no SU
 * and SD. Rows that come into view take the current background, which is therefore reset before.
 */
export function scrollSequence({ top, bottom, by }: Scroll): string {
  const move = by > 0 ? `${by}M` : `${-by}L`
  return `\x1b[m\x1b[${top + 1};${bottom + 1}r\x1b[${top + 1}H\x1b[${move}\x1b[r`
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
