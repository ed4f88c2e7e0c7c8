import type { Conflict } from "../../../domain/errors.ts"

/** Somebody deciding, field by field, between what others saved and what they typed. */
export interface ConflictState {
  readonly cursor: number
  /** The fields whose value is taken from the others. */
  readonly taken: ReadonlySet<string>
}

/** What others saved meanwhile has been seen; it is taken over in the fields `taken`. */
export interface Resolution {
  readonly type: "resolve"
  readonly conflicts: readonly Conflict[]
  readonly taken: ReadonlySet<string>
}

export type ConflictAction =
  | { readonly type: "move"; readonly by: number }
  | { readonly type: "take"; readonly theirs: boolean }

/** Nothing of what was typed is given up unless somebody says so. */
export const initialConflict: ConflictState = { cursor: 0, taken: new Set() }

export const conflictReducer =
  (fields: readonly Conflict[]) =>
  (state: ConflictState, action: ConflictAction): ConflictState => {
    if (action.type === "move") {
      return { ...state, cursor: Math.min(Math.max(0, state.cursor + action.by), fields.length - 1) }
    }
    const { field } = fields[state.cursor] as Conflict
    const others = [...state.taken].filter(name => name !== field)
    return { ...state, taken: new Set(action.theirs ? [...others, field] : others) }
  }
