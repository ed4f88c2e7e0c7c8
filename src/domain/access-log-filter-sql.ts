import { LOG_FIELDS, type LogField, SEARCHED_FIELDS } from "./access-log-fields.ts"
import type { Filter } from "./access-log-filter-text.ts"
import { kindOf, type ResolvedUsers } from "./access-log-kinds.ts"
import { partPattern } from "./access-log-values.ts"
import type { Operator, Term } from "./filter-language.ts"
import type { SqlDialect } from "./sql-dialect.ts"

/** Returns the condition that holds for the rows of the history that pass `filter`; `users` as in `compileFilter`. */
export function filterSql(filter: Filter, users: ResolvedUsers, sql: SqlDialect): string {
  return filter.length === 0 ? "1 = 1" : filter.map(term => termSql(term, users, sql)).join(" and ")
}

function termSql({ key, operator, values, negated }: Term, users: ResolvedUsers, sql: SqlDialect): string {
  const either = values.map(value => valueSql(key, operator, value, users, sql)).join(" or ")
  return negated ? `not (${either})` : `(${either})`
}

function valueSql(key: string, operator: Operator, value: string, users: ResolvedUsers, sql: SqlDialect): string {
  if (key === "") {
    return SEARCHED_FIELDS.map(field => sql.matches(expressionOf(field), partPattern(value))).join(" or ")
  }
  const field = LOG_FIELDS.find(({ name }) => name === key) as LogField
  const { sql: test, derived } = kindOf(field.kind)
  const condition = test(value, operator, users)
  if (condition === undefined) throw new RangeError(`"${value}" is no value of ${key}`)
  return condition(derived?.column ?? expressionOf(field), sql)
}

/** The value of a field, as `readerOf` reads it of an entry. */
export const expressionOf = ({ kind, member, sql }: LogField) =>
  sql ?? (kindOf(kind).ordered ? member : `coalesce(${member}, '')`)
