import type { ExpressionBuilder, Kysely } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"
import { asDeckError, DeckError, notSaved } from "../domain/errors.ts"
import type { Operator } from "../domain/operator.ts"
import type { OperationContext } from "./operation.ts"

/** Facts that decide whether a user may use opsdeck (contract, section 1). */
export interface Access {
  userId: string
  username: string
  login: string | null
  status: string
  deletedAt: string | null
  /** The relevant role: in the key's organization, or in the user's personal one. */
  role: string | null
}

export interface KeyAccess extends Access {
  apiKeyId: string
  scopes: string[]
  revokedAt: string | null
}

/** Whether this access permits using opsdeck. A key is limited to what its owner's role and its scopes both allow. */
export function isPlatformAdministrator(access: Access | KeyAccess): boolean {
  if ("apiKeyId" in access && (access.revokedAt !== null || !access.scopes.includes("platform.admin"))) {
    return false
  }
  return access.status === "active" && access.deletedAt === null && access.role === "platform_admin"
}

/** Checks the operator's permission again; throws DeckError("forbidden"). Called before every change. */
export const authorize = ({ postgres, operator, signal }: OperationContext): Promise<void> =>
  postgres.run(db => authorizeWithin(db, operator), signal).catch(error => Promise.reject(notSaved(asDeckError(error))))

/** Checks the permission within a transaction, after waiting for a lock. */
export async function authorizeWithin(db: Kysely<Tables>, operator: Operator): Promise<void> {
  const access = await readAccess(db, operator)
  if (access === undefined || !isPlatformAdministrator(access)) {
    throw new DeckError("forbidden", "you are no longer a platform administrator: nothing was changed")
  }
}

const readAccess = (db: Kysely<Tables>, { userId, apiKeyId }: Operator) =>
  apiKeyId === null
    ? selectUsers(db).where("users.id", "=", userId).executeTakeFirst()
    : selectKeys(db).where("api_keys.id", "=", apiKeyId).executeTakeFirst()

const ACCESS_COLUMNS = [
  "users.id as userId",
  "users.username",
  "users.status",
  "users.deleted_at as deletedAt",
  "user_credentials.login",
] as const

/** Selects API keys with their access. */
export const selectKeys = (db: Kysely<Tables>) =>
  db
    .selectFrom("api_keys")
    .innerJoin("users", "users.id", "api_keys.user_id")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .leftJoin("org_memberships", join =>
      join
        .onRef("org_memberships.org_id", "=", "api_keys.org_id")
        .onRef("org_memberships.user_id", "=", "api_keys.user_id"),
    )
    .select(ACCESS_COLUMNS)
    .select(["org_memberships.role", "api_keys.id as apiKeyId", "api_keys.scopes", "api_keys.revoked_at as revokedAt"])

/** Selects users with the access of their login. */
export const selectUsers = (db: Kysely<Tables>) =>
  db
    .selectFrom("users")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(ACCESS_COLUMNS)
    .select(eb => ownRole(eb).as("role"))

/** The user's role in their personal organization, and in no other, as in the platform. */
const ownRole = (eb: ExpressionBuilder<Tables, "users">) =>
  eb
    .selectFrom("org_memberships")
    .innerJoin("orgs", "orgs.id", "org_memberships.org_id")
    .whereRef("org_memberships.user_id", "=", "users.id")
    .where("orgs.type", "=", "personal")
    .select("org_memberships.role")
    .orderBy("org_memberships.created_at")
    .orderBy("org_memberships.id")
    .limit(1)
