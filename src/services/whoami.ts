import { z } from "zod"
import { defineOperation } from "./operation.ts"

/** The operator and the environment, to check before a change. */
export const whoami = defineOperation({
  words: ["whoami"],
  summary: "the signed-in operator, the sign-in method, and whether changes are allowed",
  input: z.object({}),
  answer: z.object({
    environment: z.string(),
    profile: z.string().nullable(),
    user_id: z.string(),
    username: z.string(),
    login: z.string().nullable(),
    method: z.enum(["password", "api_key"]),
    api_key_id: z.string().nullable(),
    read_only: z.boolean(),
    generation: z.enum(["orgs", "accounts"]),
  }),
  run: async ({ operator, environment, postgres }) => ({
    environment: environment.name,
    profile: environment.profile ?? null,
    user_id: operator.userId,
    username: operator.username,
    login: operator.login,
    method: operator.method,
    api_key_id: operator.apiKeyId,
    read_only: environment.readOnly !== undefined,
    generation: await postgres.generation(),
  }),
})

export const commands = [whoami]
