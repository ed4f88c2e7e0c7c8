import { sql } from "kysely"

/** Matches a column of UUIDs with `ids`. They are one parameter, so there may be many, or none. */
export const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`
