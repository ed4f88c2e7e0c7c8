import { readFileSync, statSync } from "node:fs"
import { DeckError } from "../domain/errors.ts"

/** Rejects a file that its group or others can access; `label` names the setting it comes from. */
export function requirePrivate(path: string, label: string): void {
  if (statSync(path).mode & 0o077) {
    throw new DeckError("usage", `${label}: ${path} holds a secret and others can read it; run: chmod 600 ${path}`)
  }
}

/** Reads a file; undefined when it does not exist. Any other failure is a DeckError naming `label` and the path. */
export function readText(path: string, label: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT" || code === "ENOTDIR") return undefined
    throw new DeckError("usage", `${label}: cannot read ${path} (${code})`, { cause: error })
  }
}

/** Reads the secret in a file that must exist, and be its owner's alone. */
export function readSecretFile(path: string, label: string): string {
  const secret = requireText(path, label).trim()
  requirePrivate(path, label)
  if (secret === "") throw new DeckError("usage", `${label}: the file is empty`)
  return secret
}

/** Reads a file that must exist. */
export function requireText(path: string, label: string): string {
  const text = readText(path, label)
  if (text === undefined) throw new DeckError("usage", `${label}: no such file: ${path}`)
  return text
}
