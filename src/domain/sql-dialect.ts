/** How an engine of the history spells what filters need; texts go into the query itself, since not every engine takes parameters. */
export interface SqlDialect {
  /** A text as a literal. */
  text(value: string): string
  /** Whether `column` begins with the text. */
  startsWith(column: string, value: string): string
  /** Whether `column` has a match of the pattern (RE2's syntax), in any case. */
  matches(column: string, pattern: string): string
}

/** A condition on a column, for a dialect. */
export type SqlTest = (column: string, sql: SqlDialect) => string
