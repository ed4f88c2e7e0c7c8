import type { Kysely } from "kysely"
import { z } from "zod"
import type { Tables } from "../adapters/postgres/tables.ts"
import { orgApiKey, userApiKey } from "../domain/api-key.ts"
import { id } from "../domain/fields.ts"
import { defineOperation } from "./operation.ts"

const LISTED = 50

/** The API keys of a user, active ones first. No command of its own. */
export const listUserApiKeys = defineOperation({
  words: ["users", "api-keys"],
  summary: "the API keys of a user",
  input: z.object({ id }),
  answer: z.object({ data: z.array(userApiKey) }),
  run: ({ postgres, signal }, { id: userId }) =>
    postgres.run(async db => {
      const keys = apiKeys(db)
        .leftJoin("orgs", "orgs.id", "api_keys.org_id")
        .select(["orgs.name as org_name", "api_keys.scopes", "api_keys.created_at"])
      return { data: await keys.where("api_keys.user_id", "=", userId).execute() }
    }, signal),
})

/** The API keys of an organization, active ones first. No command of its own. */
export const listOrgApiKeys = defineOperation({
  words: ["orgs", "api-keys"],
  summary: "the API keys of an organization",
  input: z.object({ org_id: id }),
  answer: z.object({ data: z.array(orgApiKey) }),
  run: ({ postgres, signal }, { org_id }) =>
    postgres.run(async db => {
      const keys = apiKeys(db)
        .leftJoin("users", "users.id", "api_keys.user_id")
        .leftJoin("user_credentials", "user_credentials.user_id", "api_keys.user_id")
        .select(["api_keys.user_id", "user_credentials.login", "users.username"])
      return { data: await keys.where("api_keys.org_id", "=", org_id).execute() }
    }, signal),
})

const apiKeys = (db: Kysely<Tables>) =>
  db
    .selectFrom("api_keys")
    .select(["api_keys.id", "api_keys.name", "api_keys.key_prefix", "api_keys.last_used_at", "api_keys.revoked_at"])
    .orderBy("api_keys.revoked_at", order => order.desc().nullsFirst())
    .orderBy("api_keys.created_at", "desc")
    .limit(LISTED)
