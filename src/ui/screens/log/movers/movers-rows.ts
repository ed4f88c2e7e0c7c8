import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import type { DimensionMovers, Mover, MoversSnapshot } from "../../../../domain/movers/movers-snapshot.ts"

/** Mover with its dimension and rank. */
export interface MoverRow {
  readonly key: DimensionKey
  readonly mover: Mover
  /** Rank in its dimension, from 0. */
  readonly rank: number
}

/** Heading of a dimension, with the number of its rows. */
export interface Heading {
  readonly kind: "heading"
  readonly dimension: DimensionMovers
  readonly rows: number
}

export type PanelLine = Heading | { readonly kind: "mover"; readonly row: MoverRow }

/** Least rows of a dimension; a low panel scrolls. */
const LEAST = 3
/** Most rows of a dimension beside others. */
const MOST = 10
/** Most rows of a dimension that has the whole panel. */
const MOST_ALONE = 100

/** Returns how many movers of a dimension to ask for; `only` has the whole panel. */
export const mostOf = (only: DimensionKey | undefined): number => (only === undefined ? MOST : MOST_ALONE)

/**
 * Returns the lines for `height` rows: a few movers of each dimension, and more of each in turn where there is room; or
 * all of the dimension `only`.
 */
export function panelLines(snapshot: MoversSnapshot, height: number, only?: DimensionKey): PanelLine[] {
  const dimensions = snapshot.dimensions.filter(({ key, movers }) => movers.length > 0 && (only ?? key) === key)
  const counts = dimensions.map(({ movers }) => movers.length)
  const rows = only === undefined ? share(counts, height - dimensions.length) : counts
  return dimensions.flatMap((dimension, at): PanelLine[] => [
    { kind: "heading", dimension, rows: rows[at] as number },
    ...dimension.movers
      .slice(0, rows[at])
      .map((mover, rank): PanelLine => ({ kind: "mover", row: { key: dimension.key, mover, rank } })),
  ])
}

/** Shares out `room`: the least of each count, then one more of each in turn. */
function share(counts: readonly number[], room: number): number[] {
  let shares = counts.map(count => Math.min(count, LEAST))
  for (let least = LEAST + 1; least <= MOST; least++) {
    const more = counts.map(count => Math.min(count, least))
    for (let at = 0; at < counts.length; at++) {
      const next = shares.with(at, more[at] as number)
      if (next.reduce((sum, rows) => sum + rows, 0) > room) return shares
      shares = next
    }
  }
  return shares
}

export const moverRows = (lines: readonly PanelLine[]): MoverRow[] =>
  lines.flatMap(line => (line.kind === "mover" ? [line.row] : []))
