import type { RedisClient } from "./connections.ts"
import { settingCacheKey } from "./keys.ts"

/** Has the API read `settings` anew, by their whole keys, when it needs them next. */
export async function forgetSettings(api: RedisClient, settings: readonly string[]): Promise<void> {
  await api.run(redis => redis.del(settings.map(settingCacheKey)))
}

/** Those of `settings` that the API's cache holds another value of than the `rows`. Throws DeckError. */
export async function staleSettings(
  api: RedisClient,
  settings: readonly string[],
  rows: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<string[]> {
  if (settings.length === 0) return []
  const cached = await api.run(redis => redis.mget(settings.map(settingCacheKey)), signal)
  return settings.filter((setting, i) => {
    const text = cached[i] ?? null
    return text !== null && !isCacheOf(text, rows.get(setting))
  })
}

/** What the API keeps in its cache of one setting. */
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
