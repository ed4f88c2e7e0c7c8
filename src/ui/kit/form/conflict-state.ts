import type { Conflict } from "../../../domain/errors.ts"

/** Result of the conflict dialog: the saved values replace those typed in the fields `taken`. */
export interface Resolution {
  readonly type: "resolve"
  readonly conflicts: readonly Conflict[]
  readonly taken: ReadonlySet<string>
}

/** Sets whether a field gets the saved value (`theirs`) or keeps the typed one. */
export function takeReducer(
  taken: ReadonlySet<string>,
  { field, theirs }: { readonly field: string; readonly theirs: boolean },
): ReadonlySet<string> {
  const others = [...taken].filter(name => name !== field)
  return new Set(theirs ? [...others, field] : others)
}
