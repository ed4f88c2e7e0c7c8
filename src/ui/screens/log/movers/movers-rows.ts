import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import type { DimensionMovers, Mover, MoversSnapshot } from "../../../../domain/movers/movers-snapshot.ts"

/** One mover, and where it stands. */
export interface MoverRow {
  readonly key: DimensionKey
  readonly mover: Mover
  /** Its place in its dimension, from 0. */
  readonly rank: number
}

/** The heading of a dimension, with how many of its movers follow. */
export interface Heading {
  readonly kind: "heading"
  readonly dimension: DimensionMovers
  readonly rows: number
}

export type PanelLine = Heading | { readonly kind: "mover"; readonly row: MoverRow }

/** So many of a dimension at least, however low the panel is: it scrolls then. */
const LEAST = 3
/** More of a dimension than these are not shown beside others. */
const MOST = 10
/** Nor more than these of one that has the panel to itself. */
const MOST_ALONE = 100

/** How many movers of a dimension are worth asking for; `only` is the one that has the panel to itself. */
export const mostOf = (only: DimensionKey | undefined): number => (only === undefined ? MOST : MOST_ALONE)

/**
 * The lines for `height` rows: a few movers of each dimension that has any, and more of each in turn where there is room;
 * or all of the dimension `only`, however many.
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

/** Of each count at least a few, and of the `room` that leaves one more of each in turn. */
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
