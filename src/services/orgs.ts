import type { Kysely } from "kysely"
import { z } from "zod"
import type { Tables } from "../adapters/postgres/tables.ts"
import { id } from "../domain/fields.ts"
import { MEMBERS_SHOWN, type OrgDetail, orgDetail } from "../domain/org.ts"
import { defineOperation } from "./operation.ts"
import { noOrg } from "./org-name.ts"
import { statusOf } from "./users/users.ts"

/** One organization with its members. Throws DeckError `not_found`. No command of its own. */
export const showOrg = defineOperation({
  words: ["orgs", "show"],
  summary: "one organization and its members",
  input: z.object({ org_id: id }),
  answer: orgDetail,
  run: ({ postgres, signal }, { org_id }) =>
    postgres.run(async db => {
      const found = await selectOrg(db, org_id)
      if (found === undefined) throw noOrg(org_id)
      const { owner_user_id, ...org } = found
      const [owner] = await people(db).where("users.id", "=", owner_user_id).execute()
      const members = await membersOf(db, org_id)
      return { ...org, owner: owner ?? null, ...members }
    }, signal),
})

const selectOrg = (db: Kysely<Tables>, orgId: string) =>
  db
    .selectFrom("orgs")
    .select(["id as org_id", "name", "slug", "type", "country", "timezone", "created_at", "owner_user_id"])
    .select(statusOf("orgs").as("status"))
    .where("id", "=", orgId)
    .executeTakeFirst()

const people = (db: Kysely<Tables>) =>
  db
    .selectFrom("users")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(["users.id as user_id", "user_credentials.login", "users.username"])

async function membersOf(db: Kysely<Tables>, orgId: string): Promise<Pick<OrgDetail, "members" | "member_count">> {
  const { count } = await db
    .selectFrom("org_memberships")
    .select(eb => eb.fn.countAll<string>().as("count"))
    .where("org_id", "=", orgId)
    .executeTakeFirstOrThrow()
  const members = await people(db)
    .innerJoin("org_memberships", "org_memberships.user_id", "users.id")
    .select([statusOf("users").as("status"), "org_memberships.role", "org_memberships.created_at as joined_at"])
    .where("org_memberships.org_id", "=", orgId)
    .orderBy("joined_at")
    .orderBy("org_memberships.id")
    .limit(MEMBERS_SHOWN)
    .execute()
  return { members, member_count: BigInt(count) }
}
