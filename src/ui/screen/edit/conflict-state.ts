import type { Conflict } from "../../../domain/errors.ts"

export interface ConflictField extends Conflict {
  readonly label: string
}

/** Somebody deciding, field by field, between what others saved and what they typed. */
export interface ConflictState {
  readonly cursor: number
  /** The fields whose value is taken from the others. */
  readonly taken: ReadonlySet<string>
}

export type ConflictAction =
  | { readonly type: "move"; readonly by: number }
  | { readonly type: "take"; readonly theirs: boolean }

/** Nothing of what was typed is given up unless somebody says so. */
export const initialConflict: ConflictState = { cursor: 0, taken: new Set() }

export const conflictReducer =
  (fields: readonly ConflictField[]) =>
  (state: ConflictState, action: ConflictAction): ConflictState => {
    if (action.type === "move") {
      return { ...state, cursor: Math.min(Math.max(0, state.cursor + action.by), fields.length - 1) }
    }
    const { field } = fields[state.cursor] as ConflictField
    const others = [...state.taken].filter(name => name !== field)
    return { ...state, taken: new Set(action.theirs ? [...others, field] : others) }
  }
