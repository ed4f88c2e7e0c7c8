import { labelOf, type Origins } from "./origins.ts"
import { readSecretFile } from "./secret-file.ts"
import type { Settings } from "./settings.ts"

/**
 * Returns a password that is given itself or in a file; "" where neither is. The password counts before the file, unless the
 * file is nearer. Throws DeckError `usage` where the file cannot be used.
 */
export function passwordOf(name: "historyPassword" | "sentinelPassword", settings: Settings, origins: Origins): string {
  const inFile = `${name}File` as const
  const file = settings[inFile]
  const rankOf = (one: typeof name | typeof inFile) => origins[one]?.rank ?? 3
  if (file === undefined || rankOf(name) <= rankOf(inFile)) return settings[name] ?? ""
  return readSecretFile(file, labelOf(inFile, origins))
}
