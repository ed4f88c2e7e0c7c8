import { type Filter, parseFilter } from "./access-log-filter-text.ts"
import { DeckError } from "./errors.ts"

/** The gateway knows a key, and so its organization, for five minutes after it was made (contract, section 4). */
export const API_KEYS_LOGGED = "most requests by API keys are logged as anonymous"

/** Whether the filter looks for requests by API keys where the log has few of them. */
export const missesApiKeys = (filter: Filter): boolean =>
  filter.some(({ key, negated, values }) => {
    const isSought = key === "org" || (key === "identity" && values.some(value => value.toLowerCase() === "api_key"))
    return isSought && !negated
  })

/** The same of a filter as it is typed; false while it is none. */
export function textMissesApiKeys(text: string): boolean {
  try {
    return missesApiKeys(parseFilter(text))
  } catch (error) {
    if (error instanceof DeckError) return false
    throw error
  }
}
