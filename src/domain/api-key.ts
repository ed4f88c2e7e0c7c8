import { z } from "zod"
import { id } from "./fields.ts"

const apiKey = z.object({
  id,
  name: z.string(),
  key_prefix: z.string(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
})
export type ApiKey = z.infer<typeof apiKey>

/** An API key of a user, with its organization. */
export const userApiKey = apiKey.extend({
  org_name: z.string().nullable(),
  scopes: z.array(z.string()),
  created_at: z.string(),
})
export type UserApiKey = z.infer<typeof userApiKey>

/** An API key of an organization, with its owner: by id alone if that user is gone. */
export const orgApiKey = apiKey.extend({
  user_id: id,
  login: z.string().nullable(),
  username: z.string().nullable(),
})
export type OrgApiKey = z.infer<typeof orgApiKey>
