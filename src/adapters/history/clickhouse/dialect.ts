import type { SqlDialect } from "../../../domain/sql-dialect.ts"

/** Writes a text as a literal of SQL. */
export const literal = (text: string): string =>
  `'${text.replace(/[\\'\0]/g, character => (character === "\0" ? "\\0" : `\\${character}`))}'`

/** ClickHouse's spelling of a filter. */
export const CLICKHOUSE: SqlDialect = {
  text: literal,
  unsigned: digits => `toUInt64(${digits})`,
  joined: columns =>
    `arrayStringConcat(arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), [${columns.join(", ")}])), ' ')`,
  startsWith: (column, value) => `startsWith(${column}, ${literal(value)})`,
  // A group, which old servers do not look into for a text that has to be there in the case as written.
  matches: (column, pattern) => `match(${column}, ${literal(`(?i:${pattern})`)})`,
  percentile: (value, share) => `quantile(${share})(${value})`,
  quotient: (value, divisor) => `intDiv(${value}, ${divisor})`,
  // In one pass: each row once for each expression, and once for all.
  byEach(expressions, counts, from) {
    const values = ["''", ...expressions].map((value, i) => `(toInt16(${i - 1}), assumeNotNull(${value}))`)
    return `select tupleElement(by, 1) as grouping, tupleElement(by, 2) as value, ${counts}
      from (select *, arrayJoin([${values.join(", ")}]) as by from ${from}) group by grouping, value`
  },
  // Old servers have no windows.
  withOverall: (query, aggregate, name) =>
    `(select * from (${query}) as counted cross join (select ${aggregate} as ${name} from (${query})) as overall)`,
  firstOfEach: (query, group, order, count, name) =>
    `select * from (${query}) as counted any left join (select ${group}, count(*) as ${name} from (${query}) group by ${group}) as groups
      using ${group} order by ${order} limit ${count} by ${group}`,
}
