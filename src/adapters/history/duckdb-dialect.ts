import type { SqlDialect } from "../../domain/sql-dialect.ts"

/** Writes a text as a literal of SQL, in which no NUL may stand. */
export function literal(text: string): string {
  const parts = text.split("\0").map(part => `'${part.replaceAll("'", "''")}'`)
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(" || chr(0) || ")})`
}

/** DuckDB's spelling of a filter. */
export const DUCKDB: SqlDialect = {
  text: literal,
  startsWith: (column, value) => `starts_with(${column}, ${literal(value)})`,
  matches: (column, pattern) => `regexp_matches(${column}, ${literal(pattern)}, 'i')`,
  // The sketch takes bounded memory, and far too long for very many groups.
  percentile: (value, share, groups) =>
    `${groups === "some" ? "approx_quantile" : "quantile_cont"}(${value}, ${share})`,
}
