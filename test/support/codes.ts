import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import type { Tables } from "../../src/adapters/postgres/tables.ts"

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
