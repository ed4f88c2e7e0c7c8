import { readFileSync, statSync } from "node:fs"
import { DeckError } from "../domain/errors.ts"

/** Refuses a file that its group or others can get at; `label` says which setting names the file. */
export function requirePrivate(path: string, label: string): void {
  if (statSync(path).mode & 0o077) {
    throw new DeckError("usage", `${label}: ${path} holds a secret and others can read it; run: chmod 600 ${path}`)
  }
}

/** The text of a file; undefined when there is none. Any other failure is a DeckError naming `label` and the path. */
export function readText(path: string, label: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT" || code === "ENOTDIR") return undefined
    throw new DeckError("usage", `${label}: cannot read ${path} (${code})`, { cause: error })
  }
}

/** The text of a file that has to be there. */
export function requireText(path: string, label: string): string {
  const text = readText(path, label)
  if (text === undefined) throw new DeckError("usage", `${label}: there is no file ${path}`)
  return text
}
