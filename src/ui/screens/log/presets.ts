import { parseFilter, type Term } from "../../../domain/access-log-filter.ts"
import { withTerm } from "../../../domain/access-log-pivot.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"

/** Filters that are wanted most, by what they show. */
export const PRESETS: readonly (readonly [means: Shown, filter: string])[] = [
  [shown`failures`, "status:5xx"],
  [shown`refusals`, "status:4xx"],
  [shown`slow ones`, "dur>=1s"],
]

/** Returns what was typed with a preset's term; a filter that is not complete yet is left as it is. */
export function withPreset(typed: string, filter: string): string {
  try {
    return withTerm(typed, parseFilter(filter)[0] as Term)
  } catch {
    return `${typed.trimEnd()} ${filter}`
  }
}
