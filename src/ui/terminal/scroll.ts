/** The rows from `top` to `bottom`, both included and from 0, that go `by` rows up, or down where it is negative. */
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

/** So much of a row tells it from others: what stands beside a list stays where it is when the list moves. */
const BEGINNING = 60

const beginningOf = (text: string) => text.slice(0, BEGINNING)

/**
 * How most of the rows that `before` and `after` have in common moved; undefined when none did. Each text that `before`
 * holds once, as a row or as the beginning of one, votes for the way it went.
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

/** The rows after `scroll`: what comes into view is blank. */
export function scrolled(rows: readonly string[], { top, bottom, by }: Scroll): string[] {
  const moved = [...rows]
  for (let row = top; row <= bottom; row++) {
    const from = row + by
    moved[row] = from < top || from > bottom ? "" : (rows[from] ?? "")
  }
  return moved
}

/**
 * What makes a terminal scroll. DECSTBM, then DL or IL, which a VT102 has already; the Linux console has no SU and SD.
 * Rows that come into view take the current background, which is therefore reset before.
 */
export function scrollSequence({ top, bottom, by }: Scroll): string {
  const move = by > 0 ? `${by}M` : `${-by}L`
  return `\x1b[m\x1b[${top + 1};${bottom + 1}r\x1b[${top + 1}H\x1b[${move}\x1b[r`
}

/** Where each row stands that stands there once, and each beginning; blank rows do not count. */
function placesOf(rows: readonly string[]): Map<string, number | undefined> {
  const places = new Map<string, number | undefined>()
  rows.forEach((text, row) => {
    if (text === "") return
    for (const key of new Set([text, beginningOf(text)])) places.set(key, places.has(key) ? undefined : row)
  })
  return places
}
