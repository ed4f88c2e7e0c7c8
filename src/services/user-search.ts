import type { Kysely, RawBuilder } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"

/** The columns that a user is found by. */
export const USER_NAMES = ["users.username", "users.email", "user_credentials.login"] as const
type UserName = (typeof USER_NAMES)[number]

/**
 * The ids of the users of whom one name passes `test`, in no order; undefined when there are more than `most`. A query
 * for each column, since PostgreSQL uses no index for a condition that is true for one of several tables.
 */
export async function idsByName(
  db: Kysely<Tables>,
  test: (column: UserName) => RawBuilder<boolean>,
  most: number,
): Promise<string[] | undefined> {
  const found = new Set<string>()
  for (const column of USER_NAMES) {
    const rows =
      column === "user_credentials.login"
        ? await db
            .selectFrom("user_credentials")
            .select("user_id as id")
            .where(test(column))
            .limit(most + 1)
            .execute()
        : await db
            .selectFrom("users")
            .select("id")
            .where(test(column))
            .limit(most + 1)
            .execute()
    for (const { id } of rows) found.add(id)
    if (found.size > most) return undefined
  }
  return [...found]
}
