import { failure, ok } from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import { LONGEST_WAIT_MS, signIn } from "../sign-in.ts"
import type { Check } from "./check.ts"
import { postgresConnection } from "./postgres-checks.ts"

/** Required by every check that reveals data of the platform, which only operators may see (contract, section 1). */
export const operatorCheck: Check = {
  area: "operator",
  name: "permission",
  after: [postgresConnection],
  withinMs: LONGEST_WAIT_MS + 5_000,
  async look({ postgres, signal, credentials }) {
    try {
      const { login, username, method } = await signIn({ postgres }, await credentials(), { console: false, signal })
      return ok(`${login ?? username}, a platform administrator, by ${method === "api_key" ? "API key" : "password"}`)
    } catch (error) {
      const { code, message } = asDeckError(error)
      if (code !== "forbidden") throw error
      return failure(message, REMEDY)
    }
  },
}

const REMEDY =
  "check OPSDECK_API_KEY, --api-key-file or --login: the key must not be revoked and must have the scope platform.admin; its user must be active, and a platform_admin of the key's organization; for a login, of the personal one"
