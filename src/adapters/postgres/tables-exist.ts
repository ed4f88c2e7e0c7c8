import { type Kysely, sql } from "kysely"
import type { Tables } from "./tables.ts"

/** Whether this database has all of `tables`, whose names are those of its generation. */
export async function tablesExist(db: Kysely<Tables>, ...tables: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ exist: boolean }>`
    select bool_and(to_regclass(name) is not null) as exist from unnest(${tables}::text[]) as name`.execute(db)
  return rows[0]?.exist === true
}
