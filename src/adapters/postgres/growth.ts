import { type Kysely, type RawBuilder, sql } from "kysely"
import type { Mark } from "../../domain/dashboard.ts"
import { namesOf } from "./generation.ts"
import type { Tables } from "./tables.ts"

/** A row may be committed this much later than its time, which is that of the beginning of its transaction. */
const SETTLED_AFTER = "15 minutes"

/**
 * Where the rows of `table` end now, so that newer ones can be found later without reading the others. With an index
 * on the column `time` those are found by it, all of them; `atLatest` moves the mark back, since some rows change after
 * they were added. Without one, which is how the platform makes its tables, they are looked for where a table grows,
 * from its last block on: those that took the room of deleted rows are not found.
 */
export async function markOf(
  db: Kysely<Tables>,
  table: keyof Tables,
  time: string,
  atLatest: RawBuilder<string>,
): Promise<Mark> {
  const [ours, newer] = namesOf(table)
  const { rows } = await sql<{ settled: string; now: string; block: string; indexed: boolean }>`
    select least(now() - ${SETTLED_AFTER}::interval, ${atLatest}) as settled, now() as now,
      greatest(pg_relation_size(c.oid) / current_setting('block_size')::int - 1, 0) as block,
      exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisvalid and a.attname = ${time}
          and coalesce(pg_get_expr(i.indpred, i.indrelid), ${LIVE_ONLY}) = ${LIVE_ONLY}
      ) as indexed
    from pg_class c where c.oid = coalesce(to_regclass(${ours}), to_regclass(${newer}))`.execute(db)
  const { settled, now, block, indexed } = rows[0] as (typeof rows)[number]
  return indexed ? { time: settled, block: null } : { time: now, block }
}

/** What a partial index on rows that are not deleted holds; whoever counts asks for no others. */
const LIVE_ONLY = "(deleted_at IS NULL)"

/** The rows counted at `mark`. */
export const before = (mark: Mark, time: string) => sql<boolean>`${sql.ref(time)} < ${mark.time}::timestamptz`

/** The rows added since. */
export function since(mark: Mark, time: string) {
  const newer = sql<boolean>`${sql.ref(time)} >= ${mark.time}::timestamptz`
  return mark.block === null ? newer : sql<boolean>`ctid >= ${`(${mark.block},0)`}::tid and ${newer}`
}
