import { LOG_FIELDS, type LogField } from "../access-log-fields.ts"
import { type Held, kindOf } from "../access-log-kinds.ts"
import { ByteMemory } from "../byte-memory.ts"
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

/** A field that requests are counted by, in one or more dimensions. */
export interface CountedField {
  readonly dimensions: readonly Dimension[]
  /** Returns the entry's values in these dimensions; empty where it has none to count. */
  valuesOf(entry: StreamEntry): readonly string[]
}

export const COUNTED_FIELDS: readonly CountedField[] = LOG_FIELDS.filter(field => field.dimensions).map(countedField)

const BY_KEY = new Map(
  COUNTED_FIELDS.flatMap(({ dimensions }) => dimensions).map(dimension => [dimension.key, dimension]),
)

/** Returns a field with its dimensions: each is the group of that name, or else the value itself. */
function countedField(field: LogField): CountedField {
  const { groups } = kindOf(field.kind)
  const named = Object.entries(field.dimensions ?? {}).map(([key, title]) => {
    const group = groups[key] ?? (groups.value as (typeof groups)[string])
    return { key: key as DimensionKey, title: show(title), group }
  })
  const valuesOf = remembered(field, held => named.map(({ group }) => group(held)))
  const dimensions = named.map(
    ({ key, title }, at): Dimension => ({
      key,
      title,
      valueOf: entry => valuesOf(entry)[at] as string,
      term: value => termOf(field.name, value),
    }),
  )
  return { dimensions, valuesOf }
}

/** Returns what is made of the field of an entry; what was made of the values before is remembered. */
function remembered<Made>(field: LogField, make: (held: Held) => Made): (entry: StreamEntry) => Made {
  const { read, member, kind } = field
  if (read === undefined) {
    const memory = new ByteMemory<Made>(make, kindOf(kind).shorten)
    return entry => entry.recall(member, memory)
  }
  const made = new Map<Held, Made>()
  return entry => {
    const held = read(entry)
    const known = made.get(held)
    if (known !== undefined) return known
    if (made.size === REMEMBERED) made.clear()
    const now = make(held)
    made.set(held, now)
    return now
  }
}

const REMEMBERED = 1024

export const dimensionOf = (key: DimensionKey): Dimension => BY_KEY.get(key) as Dimension

/** Dimensions in the order of the keys. */
export const DIMENSIONS: readonly Dimension[] = DIMENSION_KEYS.map(dimensionOf)
