import { type RawBuilder, sql } from "kysely"

/** Does `column` contain `text`, in any case? Every character of `text` means itself, `%` and `_` too. */
export function contains(column: string, text: string): RawBuilder<boolean> {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`
  return sql<boolean>`${sql.ref(column)} ilike ${pattern} escape '\\'`
}
