import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { UserDetail } from "../../domain/user.ts"
import { type UserPatch, userFields } from "../../domain/user-patch.ts"
import { refuseToRename } from "./administrators.ts"

/** Effective changes of a profile. */
export type ProfileChange = Pick<UserPatch, "username" | "email" | "email_verified" | "locale" | "timezone">

const FIELDS = ["username", "email", "locale", "timezone"] as const

/**
 * Returns the fields of `patch` that differ from the profile of `user` (contract, section 5, "profile changed"): a new
 * e-mail address is unverified unless the patch says otherwise. Throws DeckError "conflict" for an address that is
 * taken or the name of the platform's own user, "invalid" where there is no address to verify.
 */
export async function profileChange(db: Kysely<Tables>, user: UserDetail, patch: UserPatch): Promise<ProfileChange> {
  const current = userFields(user)
  const differs = (field: (typeof FIELDS)[number]) => patch[field] !== undefined && patch[field] !== current[field]
  const changed: ProfileChange = Object.fromEntries(FIELDS.filter(differs).map(field => [field, patch[field]]))
  if (changed.username !== undefined) refuseToRename(user, changed.username)
  if (changed.email) await refuseTaken(db, changed.email)
  const email = changed.email === undefined ? current.email : changed.email
  const isNew = changed.email !== undefined
  const verified = patch.email_verified ?? (current.email_verified && !isNew)
  if (patch.email_verified && email === null) {
    throw new DeckError("invalid", "there is no e-mail address to verify", { field: "email_verified" })
  }
  const verification = verified !== current.email_verified || (verified && isNew)
  return verification ? { ...changed, email_verified: verified } : changed
}

/** Returns the columns of `users` for `change`. */
export function columnsOf({ email_verified, ...columns }: ProfileChange) {
  if (email_verified === undefined) return columns
  return { ...columns, email_verified_at: email_verified ? sql<string>`now()` : null }
}

async function refuseTaken(db: Kysely<Tables>, email: string): Promise<void> {
  const owner = await db
    .selectFrom("users")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(["user_credentials.login", "users.username", "users.status"])
    .where("users.email", "=", email)
    .where("users.deleted_at", "is", null)
    .executeTakeFirst()
  if (owner === undefined) return
  throw new DeckError("conflict", `taken by ${owner.login ?? owner.username} (${owner.status})`, { field: "email" })
}
