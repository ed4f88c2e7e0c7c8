/** How an engine of the history spells what filters need; texts go into the query itself, since not every engine takes parameters. */
export interface SqlDialect {
  /** A text as a literal. */
  text(value: string): string
  /** A whole number of 64 bits without a sign as a literal. */
  unsigned(digits: string): string
  /** Texts one behind the other, with a blank between them and without those that are null. */
  joined(columns: readonly string[]): string
  /** Whether `column` begins with the text. */
  startsWith(column: string, value: string): string
  /** Whether `column` has a match of the pattern (RE2's syntax), in any case. */
  matches(column: string, pattern: string): string
  /** The value that a share of the values (0 to 1) does not exceed, null left out. */
  percentile(value: string, share: number): string
  /** How often a divisor is in a whole number that is not negative. */
  quotient(value: string, divisor: number): string
  /**
   * A query of the `counts` of the rows in `from` (which may have a condition behind it) by each of the expressions, none of them null:
   * `grouping` is its place in the list, or -1 for the counts of all, and `value` its value.
   */
  byEach(expressions: readonly string[], counts: string, from: string): string
  /** The rows of a query, each with an aggregate over all of them beside it, under a name: a relation. */
  withOverall(query: string, aggregate: string, name: string): string
  /** A query of the first `count` rows of each group, in an order, each with how many rows its group has, under a name. */
  firstOfEach(query: string, group: string, order: string, count: number, name: string): string
}

/** When an entry counts, in whole ms since the epoch, over the history's columns (`domain/stream-clock`). */
export const COUNTS_AT = "(cast(ms as bigint) + late_ms)"

/** A query of the engine, over the entries that are in `relation`, with the history's columns. */
export type SqlQuery = (relation: string, sql: SqlDialect) => string

/** A row of an answer. Whole numbers may come as `bigint`. */
export type SqlRow = Readonly<Record<string, unknown>>

/** A condition on a column, for a dialect. */
export type SqlTest = (column: string, sql: SqlDialect) => string
