import type { Conflict } from "../../../domain/errors.ts"

/** What others saved meanwhile has been seen; it is taken over in the fields `taken`. */
export interface Resolution {
  readonly type: "resolve"
  readonly conflicts: readonly Conflict[]
  readonly taken: ReadonlySet<string>
}

/** Decides whose value a field gets: `theirs`, or what was typed. */
export function takeReducer(
  taken: ReadonlySet<string>,
  { field, theirs }: { readonly field: string; readonly theirs: boolean },
): ReadonlySet<string> {
  const others = [...taken].filter(name => name !== field)
  return new Set(theirs ? [...others, field] : others)
}
