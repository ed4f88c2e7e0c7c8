import { type RawBuilder, sql } from "kysely"
import { openPostgres, type Postgres } from "../src/adapters/postgres/connection.ts"
import { toPage } from "../src/adapters/postgres/cursor.ts"
import { migrate } from "../src/adapters/postgres/migrate.ts"
import { startPostgresServer } from "../src/demo/postgres-server.ts"

const TIMEOUT_MS = 120_000

/** Runs `measure` on a throwaway PostgreSQL with the platform's tables, and nothing in them. */
export async function onDatabase<T>(measure: (url: string, postgres: Postgres) => Promise<T>): Promise<T> {
  const server = await startPostgresServer()
  try {
    await server.createDatabase("bench")
    const url = server.url("bench")
    await migrate(url)
    const postgres = openPostgres({ url })
    try {
      return await measure(url, postgres)
    } finally {
      await postgres.close()
    }
  } finally {
    await server.stop()
  }
}

/** Order of a list, as its option and as SQL has it: a column and, for ties, the id. */
export interface ListedBy {
  readonly sort: string
  readonly column: string
  readonly order: string
}

const NEWEST_FIRST: ListedBy = {
  sort: "-created_at",
  column: "created_at",
  order: "created_at desc, id desc",
}

/**
 * Where page `page` - 1 of `limit` rows ends, without reading all the pages before it; `from` is the table with its condition.
 */
export async function cursorOfPage(
  postgres: Postgres,
  from: RawBuilder<unknown>,
  page: number,
  limit: number,
  { sort, column, order } = NEWEST_FIRST,
): Promise<string> {
  const query = sql<{ value: string; id: string }>`select ${sql.ref(column)} as value, id from ${from}
    order by ${sql.raw(order)} limit 2 offset ${(page - 1) * limit - 1}`
  const { rows } = await postgres.run(db => query.execute(db), undefined, TIMEOUT_MS)
  return toPage(rows, 1, ({ value, id }) => [value, id], { sort }).next_cursor as string
}
