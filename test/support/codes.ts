import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import type { Tables } from "../../src/adapters/postgres/tables.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"

/** Adds a redemption code that works, as far as `columns` say nothing else; returns its id. */
export async function addRedemptionCode(
  postgres: Postgres,
  columns: Partial<Insertable<Tables["redemption_codes"]>> = {},
): Promise<string> {
  const id = randomUUID()
  const plain = { id, code: randomUUID(), type: "credit", value: "100", created_by_user_id: randomUUID() }
  await postgres.transaction(tx =>
    tx
      .insertInto("redemption_codes")
      .values({ ...plain, ...columns })
      .execute(),
  )
  return columns.id ?? id
}

/** Input for a batch of three codes under a name of its own, but for `more`. */
export const batch = (more: object = {}) => ({
  count: 3,
  type: "credit",
  value: "1",
  batch_id: randomUUID(),
  ...more,
})

/** Number of codes in the batch of this name. */
export async function countOf(database: TestDatabase, name: string): Promise<unknown> {
  const query = `select count(*)::int as n from redemption_codes where batch_id = '${name}'`
  return (await asSuperuser(query, database.url))[0]?.n
}
