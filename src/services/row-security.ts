import { sql } from "kysely"
import { z } from "zod"
import { tableRights } from "./grants.ts"
import { defineOperation, type Stores } from "./operation.ts"

/**
 * Returns the platform's tables whose row-level security applies to this role: their policies may hide rows from it,
 * and a query cannot tell hidden rows from none. Throws DeckError.
 */
export async function tablesWithHiddenRows({
  postgres,
  signal,
}: Pick<Stores, "postgres" | "signal">): Promise<string[]> {
  const generation = await postgres.generation()
  const names = [...new Set(tableRights("reading", generation).map(({ table }) => table))]
  const { rows } = await postgres.run(
    db =>
      sql<{ name: string }>`
        select name from unnest(${names}::text[]) as name
        where to_regclass(name) is not null and row_security_active(to_regclass(name)) order by name`.execute(db),
    signal,
  )
  return rows.map(({ name }) => name)
}

/** Says that a list may lack rows; undefined where it does not. Throws DeckError. */
export async function hiddenRows(stores: Pick<Stores, "postgres" | "signal">): Promise<string | undefined> {
  const tables = await tablesWithHiddenRows(stores)
  return tables.length === 0 ? undefined : `rows may be hidden by row-level security of ${tables.join(", ")}`
}

/** What the console's lists say of hidden rows; null where there is nothing to say. No command of its own. */
export const explainHiddenRows = defineOperation({
  words: ["rows", "hidden"],
  summary: "which tables may hide rows",
  input: z.object({}),
  answer: z.object({ says: z.string().nullable() }),
  run: async context => ({ says: (await hiddenRows(context)) ?? null }),
})
