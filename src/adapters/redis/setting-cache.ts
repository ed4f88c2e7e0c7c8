import type { RedisClient } from "./connections.ts"
import { settingCacheKey } from "./keys.ts"
import { valuesOf } from "./values.ts"

/** Deletes `settings` from the API's cache, so that the API reads them anew. Settings are given by their full keys. */
export async function forgetSettings(api: RedisClient, settings: readonly string[]): Promise<void> {
  await Promise.all(settings.map(setting => api.run(redis => redis.del(settingCacheKey(setting)))))
}

/** Returns the `settings` whose value in the API's cache differs from that in `rows`. Throws DeckError. */
export async function staleSettings(
  api: RedisClient,
  settings: readonly string[],
  rows: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<string[]> {
  const cached = await valuesOf(api, settings.map(settingCacheKey), signal)
  return settings.filter((setting, i) => {
    const text = cached[i] ?? null
    return text !== null && !isCacheOf(text, rows.get(setting))
  })
}

/** Value of one setting in the API's cache. */
export const cacheOf = (value: string | undefined): string =>
  JSON.stringify(value === undefined ? { found: false } : { found: true, value })

function isCacheOf(text: string, value: string | undefined): boolean {
  try {
    const { found, value: cached = "" } = JSON.parse(text)
    return found === (value !== undefined) && cached === (value ?? "")
  } catch {
    return false
  }
}
