import { sql } from "kysely"

/** What a column of UUIDs is equal to where it is one of `ids`. They are one parameter, so there may be many, or none. */
export const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`
