import { LOG_FIELDS, type LogField } from "../access-log-fields.ts"
import { type Held, kindOf } from "../access-log-kinds.ts"
import { readerOf } from "../access-log-terms.ts"
import { type Term, termOf } from "../filter-language.ts"
import { type Shown, show } from "../safe-text.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { DIMENSION_KEYS, type DimensionKey } from "./dimension-keys.ts"

/** Group that requests are counted and pivoted by. */
export interface Dimension {
  readonly key: DimensionKey
  readonly title: Shown
  /** Returns the entry's value; empty when it has none to count. */
  valueOf(entry: StreamEntry): string
  /** Returns the filter's term that means "only this". */
  term(value: string): Term
}

const BY_KEY = new Map(LOG_FIELDS.flatMap(dimensionsOf).map(dimension => [dimension.key, dimension]))

/** Returns the dimensions of a field: each is the group of that name, or else the value itself. */
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

/** Dimensions in the order of the keys. */
export const DIMENSIONS: readonly Dimension[] = DIMENSION_KEYS.map(dimensionOf)

/** Keeps the last reading: two dimensions read the same of an entry, one after the other. */
function once(read: (entry: StreamEntry) => Held): (entry: StreamEntry) => Held {
  let last: StreamEntry | undefined
  let held: Held = null
  return entry => {
    if (entry !== last) held = read(entry)
    last = entry
    return held
  }
}
