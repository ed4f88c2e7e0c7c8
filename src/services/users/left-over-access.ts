import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"

/** Sessions that can be renewed, keys that work and invite codes that are on, of the user of a row of `users`. */
const LIVE = {
  sessions: sql<boolean>`exists (select from refresh_tokens
    where user_id = users.id and revoked_at is null and expires_at > now())`,
  keys: sql<boolean>`exists (select from api_keys where user_id = users.id and revoked_at is null)`,
  codes: sql<boolean>`exists (select from invite_codes where user_id = users.id and is_active)`,
}

/** Condition on the status of deleted users, in terms of the bare columns. */
export const isDeleted = sql<boolean>`(users.deleted_at is not null or users.status = 'deleted')`

/** Condition of left-over access: a deleted user with any of the three (contract, section 9). */
export const hasLeftOverAccess = sql<boolean>`(${isDeleted} and (${LIVE.sessions} or ${LIVE.keys} or ${LIVE.codes}))`

/** Number of deleted users with access left over, and of those with each kind of it. */
export type LeftOverAccess = Readonly<Record<"users" | keyof typeof LIVE, number>>

/** Counts from what lives, which is little beside all deleted users and their ended sessions. */
export async function countLeftOverAccess(db: Kysely<Tables>): Promise<LeftOverAccess> {
  const { rows } = await sql<LeftOverAccess>`
    with live as (
      select distinct user_id, 'sessions' as kind from refresh_tokens where revoked_at is null and expires_at > now()
      union all select distinct user_id, 'keys' from api_keys where revoked_at is null
      union all select distinct user_id, 'codes' from invite_codes where is_active)
    select count(distinct user_id)::int as users, count(*) filter (where kind = 'sessions')::int as sessions,
      count(*) filter (where kind = 'keys')::int as keys, count(*) filter (where kind = 'codes')::int as codes
    from live join users on users.id = live.user_id where ${isDeleted}`.execute(db)
  return rows[0] as LeftOverAccess
}
