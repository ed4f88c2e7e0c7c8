import { forgetApiKeys } from "../adapters/redis/api-key-cache.ts"
import { countPresent } from "../adapters/redis/databases.ts"
import { apiKeyCacheKey } from "../adapters/redis/keys.ts"
import type { PlannedStep } from "./change.ts"
import { asFarAsKnown, type Debt } from "./debt.ts"
import { revokedLately } from "./users/user-access.ts"

/** The API's cache of keys revoked within its life, where it still has them. A revoked key has no place there, whoever revoked it. */
export const cachedKeys: Debt = async ({ postgres, redis, signal }) => {
  const rows = await postgres.run(
    db =>
      revokedLately(db)
        .innerJoin("users", "users.id", "api_keys.user_id")
        .select(["api_keys.user_id", "users.username"])
        .orderBy("users.username")
        .execute(),
    signal,
  )
  const people = [...Map.groupBy(rows, row => row.user_id).values()]
  return asFarAsKnown(`cached keys of up to ${people.length} users (Redis)`, async () => {
    const owed: PlannedStep[] = []
    for (const keys of people) {
      const hashes = keys.map(({ key_hash }) => key_hash)
      if ((await countPresent(redis.api, hashes.map(apiKeyCacheKey), signal)) === 0) continue
      const what = `cached keys of ${keys[0]?.username} (Redis)`
      owed.push({ what, redis: ({ api }) => forgetApiKeys(api, hashes) })
    }
    return owed
  })
}
