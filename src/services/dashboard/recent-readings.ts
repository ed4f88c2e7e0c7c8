import { type Kysely, type RawBuilder, sql } from "kysely"
import { z } from "zod"
import { SETTLED_AFTER } from "../../adapters/postgres/growth.ts"
import { SHOWN_AT } from "../../adapters/postgres/role.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { RECENT, type Recent, recentCounts } from "../../domain/recent.ts"
import { defineOperation } from "../operation.ts"
import { ERROR_CLASS } from "../runs/run-error.ts"

/** Rows that began at `from` or later: the time when each came to be what is counted, and its key. */
const ROWS: Readonly<Record<Recent, (from: string) => RawBuilder<unknown>>> = {
  failures: from => sql`
    select coalesce(failed_at, status_updated_at, created_at) as at, coalesce(${ERROR_CLASS}, '') as key
    from runs where deleted_at is null and status = 'failed' and created_at >= ${from}::timestamptz`,
  "new users": from => sql`
    select created_at as at, (extract(epoch from date_trunc('hour', created_at)) * 1000)::bigint::text as key
    from users where deleted_at is null and created_at >= ${from}::timestamptz`,
}

/**
 * Counts by key what came to be since `after`, of rows that began at `from` or later. Today's failed runs are found by status
 * and time, and only the class of those is looked up that failed since: an index serves both.
 */
export const readRecent = defineOperation({
  words: ["dashboard", "recent"],
  mayLag: true,
  summary: "today's failures, or new users by hour",
  input: z.object({ of: z.enum(RECENT), from: z.string(), after: z.string().default("-infinity") }),
  answer: recentCounts,
  run: ({ postgres, signal }, { of, from, after }) =>
    postgres.run(async db => {
      const settled = await settledAt(db)
      return { settledAt: settled, counts: await countsOf(db, ROWS[of](from), after, settled) }
    }, signal),
})

async function settledAt(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ settled: string }>`select ${SHOWN_AT} - ${SETTLED_AFTER}::interval as settled`.execute(
    db,
  )
  return rows[0]?.settled as string
}

async function countsOf(db: Kysely<Tables>, rows: RawBuilder<unknown>, after: string, settled: string) {
  const { rows: counts } = await sql<Record<"key" | "settled" | "fresh", string>>`
    select key, count(*) filter (where at < ${settled}::timestamptz) as settled, count(*) filter (where at >= ${settled}::timestamptz) as fresh
    from (${rows}) as recent where at >= ${after}::timestamptz group by key`.execute(db)
  return counts.map(({ key, settled, fresh }) => ({ key, settled: BigInt(settled), fresh: BigInt(fresh) }))
}
