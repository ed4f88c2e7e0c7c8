import { useEffect } from "react"
import { ignoredNote } from "../../config.ts"
import { show } from "../../domain/safe-text.ts"
import type { Shell } from "../kit/shell.ts"

/** Says once, after signing in, which environment variables were ignored for the profile's servers. */
export function useIgnoredNote({ ignored, say }: Shell): void {
  useEffect(() => {
    if (ignored) say(show(ignoredNote(ignored)), "look")
  }, [ignored, say])
}
