import { LOG_FIELDS, type LogField } from "../access-log-fields.ts"
import { type Term, termOf } from "../access-log-filter-text.ts"
import { type Held, kindOf } from "../access-log-kinds.ts"
import { readerOf } from "../access-log-terms.ts"
import { type Shown, show } from "../safe-text.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { DIMENSION_KEYS, type DimensionKey } from "./dimension-keys.ts"

/** One thing that requests are counted and pivoted by. */
export interface Dimension {
  readonly key: DimensionKey
  readonly title: Shown
  /** The entry's value; empty when it has none to count. */
  valueOf(entry: StreamEntry): string
  /** The filter's term that means "only this". */
  term(value: string): Term
}

const BY_KEY = new Map(LOG_FIELDS.flatMap(dimensionsOf).map(dimension => [dimension.key, dimension]))

/** The dimensions of a field: of the group that has the dimension's name, or of the value itself. */
function dimensionsOf(field: LogField): Dimension[] {
  const { groups } = kindOf(field.kind)
  const read = once(readerOf(field))
  return Object.entries(field.dimensions ?? {}).map(([key, title]) => {
    const group = groups[key] ?? (groups.value as (typeof groups)[string])
    return {
      key: key as DimensionKey,
      title: show(title),
      valueOf: entry => group(read(entry)),
      term: value => termOf(field.name, value),
    }
  })
}

export const dimensionOf = (key: DimensionKey): Dimension => BY_KEY.get(key) as Dimension

/** Every dimension, in the order of the keys. */
export const DIMENSIONS: readonly Dimension[] = DIMENSION_KEYS.map(dimensionOf)

/** Two dimensions ask the same of an entry, one after the other. */
function once(read: (entry: StreamEntry) => Held): (entry: StreamEntry) => Held {
  let last: StreamEntry | undefined
  let held: Held = null
  return entry => {
    if (entry !== last) held = read(entry)
    last = entry
    return held
  }
}
