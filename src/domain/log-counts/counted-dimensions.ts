import { type CountedKey, LOG_FIELDS, type LogField } from "../access-log-fields.ts"
import { expressionOf } from "../access-log-filter-sql.ts"
import { kindOf, type SqlGroup } from "../access-log-kinds.ts"
import { type Term, termOf } from "../filter-language.ts"
import { type Shown, show } from "../safe-text.ts"

/** Dimension that requests of any time are counted by: those of the movers, and further ones. */
export interface CountedDimension {
  readonly key: CountedKey
  readonly title: Shown
  /** Expression over the history's columns that rows are grouped by; empty text for those without a value. */
  readonly sql: string
  /** Returns the value that a result of `sql` means, as the movers have it. */
  read(result: string): string
  /** Returns the filter's term that means "only this". */
  term(value: string): Term
}

/** All of them, in the order of the fields. */
export const COUNTED_DIMENSIONS: readonly CountedDimension[] = LOG_FIELDS.flatMap(dimensionsOf)

export const COUNTED_KEYS = COUNTED_DIMENSIONS.map(({ key }) => key) as [CountedKey, ...CountedKey[]]

export const countedDimension = (key: CountedKey): CountedDimension =>
  COUNTED_DIMENSIONS.find(dimension => dimension.key === key) as CountedDimension

function dimensionsOf(field: LogField): CountedDimension[] {
  const { groupsSql = {}, derived } = kindOf(field.kind)
  return Object.entries({ ...field.dimensions, ...field.counted }).map(([key, title]) => {
    const { of, read = (result: string) => result } = groupsSql[key] ?? (groupsSql.value as SqlGroup)
    return {
      key: key as CountedKey,
      title: show(title),
      sql: of(expressionOf(field), derived?.column ?? ""),
      read,
      term: value => termOf(field.name, value),
    }
  })
}
