import { type Kysely, sql } from "kysely"
import type { Tables } from "./tables.ts"

/** The columns of a table in this database, in its own names. */
export interface PresentTable {
  readonly columns: ReadonlySet<string>
  /** Whether the role may read at least one of them. */
  readonly readable: boolean
}

/** Looks up which of `tables` exist, whose names must be the same in both generations. */
export async function columnsPresent<Table extends keyof Tables>(
  db: Kysely<Tables>,
  tables: readonly Table[],
): Promise<ReadonlyMap<Table, PresentTable>> {
  const { rows } = await sql<{ name: Table; columns: string[]; readable: boolean }>`
    select name, has_any_column_privilege(to_regclass(name), 'select') as readable, array(
      select attname::text from pg_attribute where attrelid = to_regclass(name) and attnum > 0 and not attisdropped
    ) as columns
    from unnest(${tables}::text[]) as name where to_regclass(name) is not null`.execute(db)
  return new Map(rows.map(({ name, columns, readable }) => [name, { columns: new Set(columns), readable }]))
}
