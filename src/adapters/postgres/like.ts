import { type RawBuilder, sql } from "kysely"

/**
 * Does `column` contain `text`, in any case? Every character of `text` means itself, `%` and `_` too. A database of
 * locale C folds ASCII alone, so other letters are looked for in both cases.
 */
export function contains(column: string, text: string): RawBuilder<boolean> {
  const spellings = new Set([text, text.toLowerCase(), text.toUpperCase()])
  const patterns = [...spellings].map(spelling => `%${spelling.replace(/[\\%_]/g, "\\$&")}%`)
  return sql<boolean>`${sql.ref(column)} ilike any (${patterns}::text[])`
}
