import { type Kysely, type RawBuilder, sql } from "kysely"
import type { Mark } from "../../domain/dashboard.ts"
import { namesOf } from "./generation.ts"
import { SHOWN_AT } from "./role.ts"
import type { Tables } from "./tables.ts"

/** A row may be committed this much later than its time, which is when its transaction began. */
export const SETTLED_AFTER = "15 minutes"

/**
 * Marks the current end of `table`, so that newer rows can be found later without reading the others. With an index on
 * the column `time` all of them are found through it; `atLatest` moves the mark back, since some rows change after they
 * were added. Without one, which is how the platform makes its tables, they are looked for where a table grows, from
 * its last block on: rows that reused the space of older ones are not found, but PostgreSQL's statistics count them.
 */
export async function markOf(
  db: Kysely<Tables>,
  table: keyof Tables,
  time: string,
  atLatest: RawBuilder<string>,
): Promise<Mark> {
  const { rows } = await sql<
    Record<"settled" | "now" | "block", string> & { inserted: string | null; indexed: boolean }
  >`
    select least(${SHOWN_AT} - ${SETTLED_AFTER}::interval, ${atLatest}) as settled, ${SHOWN_AT} as now, ${inserted} as inserted,
      greatest(pg_relation_size(c.oid) / current_setting('block_size')::int - 1, 0)::text as block,
      exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisvalid and a.attname = ${time}
          and coalesce(pg_get_expr(i.indpred, i.indrelid), ${LIVE_ONLY}) = ${LIVE_ONLY}
      ) as indexed
    from pg_class c where c.oid = ${oidOf(table)}`.execute(db)
  const { indexed, settled, now, block, inserted: total } = rows[0] as (typeof rows)[number]
  return indexed ? { time: settled, growth: null } : { time: now, growth: { block, inserted: total } }
}

/** Condition of a partial index on rows that are not deleted; counts cover no other rows. */
const LIVE_ONLY = "(deleted_at IS NULL)"

/** Null on a standby, whose statistics count nothing. */
const inserted = sql<string | null>`case when not pg_is_in_recovery() then pg_stat_get_tuples_inserted(c.oid)::text end`

function oidOf(table: keyof Tables) {
  const [ours, newer] = namesOf(table)
  return sql`coalesce(to_regclass(${ours}), to_regclass(${newer}))`
}

/** Condition for the rows counted at `mark`. */
export const before = (mark: Mark, time: string) => sql<boolean>`${sql.ref(time)} < ${mark.time}::timestamptz`

/** Condition for the rows added since, as far as they can be found. */
export function since({ time: settled, growth }: Mark, time: string) {
  const newer = sql<boolean>`${sql.ref(time)} >= ${settled}::timestamptz`
  return growth === null ? newer : sql<boolean>`ctid >= ${`(${growth.block},0)`}::tid and ${newer}`
}

/** Number of rows added to `table` since `mark` and not `found`; statistics may be ten seconds late. */
export async function missingSince(db: Kysely<Tables>, table: keyof Tables, { growth }: Mark, found: bigint) {
  if (growth === null || growth.inserted === null) return 0n
  const query = sql<{
    inserted: string | null
  }>`select ${inserted} as inserted from pg_class c where c.oid = ${oidOf(table)}`
  const { rows } = await query.execute(db)
  const missing = BigInt(rows[0]?.inserted ?? 0) - BigInt(growth.inserted) - found
  return missing > 0n ? missing : 0n
}
