import { DeckError } from "../domain/errors.ts"
import { labelOf, type Origins } from "./origins.ts"
import { readSecretFile } from "./secret-file.ts"
import type { SettingName, Settings } from "./settings.ts"

/** Credentials of the operator; a missing password is prompted for. */
export type ConfiguredCredentials = { readonly apiKey: string } | { readonly login: string; readonly password?: string }

/** Returns the credentials of the nearest source; undefined without any. Throws DeckError `usage`. */
export function credentialsOf(
  { apiKey, apiKeyFile, login, password }: Settings,
  origins: Origins,
): ConfiguredCredentials | undefined {
  const rankOf = (name: SettingName) => origins[name]?.rank ?? 3
  const ways = (["apiKeyFile", "apiKey", "login"] as const).toSorted((a, b) => rankOf(a) - rankOf(b))
  const [first, second] = ways as [(typeof ways)[0], (typeof ways)[0]]
  if (origins[first] === undefined) return undefined
  if (rankOf(first) === rankOf(second)) {
    throw new DeckError("usage", `${labelOf(first, origins)} and ${labelOf(second, origins)} are mutually exclusive`)
  }
  if (first === "login") return { login: login as string, ...(password === undefined ? {} : { password }) }
  if (first === "apiKey") return { apiKey: apiKey as string }
  return { apiKey: readSecretFile(apiKeyFile as string, labelOf("apiKeyFile", origins)) }
}
