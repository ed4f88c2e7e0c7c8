import { isDeepStrictEqual } from "node:util"
import type { z } from "zod"
import type { Conflict } from "../../../domain/errors.ts"
import { type FormField, givenIn, holds, inputOf, mistakeIn, valueIn } from "./form-field.ts"
import { type Checked, type FormAction, type FormState, formReducer, initialForm } from "./form-state.ts"

export type Values = Readonly<Record<string, unknown>>

/** Form with the values of a record, and what the operator saw of it. */
export interface Draft {
  readonly form: FormState
  /** Values of unchanged fields. */
  readonly record: Values
  /** Fields of the record that cannot be read: any value there is a change. */
  readonly unreadable: readonly string[]
  /** Values seen in the record: another value there by now is a conflict. */
  readonly seen: Values
  /** Reason of a refused save, for the next attempt. */
  readonly reason: string
}

/** Result of the conflict dialog: the saved values replace those typed in the fields `taken`. */
export interface Resolution {
  readonly type: "resolve"
  readonly conflicts: readonly Conflict[]
  readonly taken: ReadonlySet<string>
}

export type DraftAction =
  | FormAction
  | { readonly type: "refused"; readonly errors: ReadonlyMap<string, string>; readonly reason: string }
  | Resolution

/** Makes a draft; `seen` is what the record holds where the fields begin with something else. */
export const initialDraft = (
  schema: z.ZodObject,
  names: readonly string[],
  record: Values,
  seen: Values = record,
): Draft => ({ form: initialForm(schema, { names, values: record }), record, unreadable: [], seen, reason: "" })

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  const formAfter = (action: FormAction) => formReducer(draft.form, action)
  switch (action.type) {
    case "refused":
      return { ...draft, reason: action.reason, form: formAfter({ type: "refuse", errors: action.errors }) }
    case "resolve": {
      const theirs = Object.fromEntries(action.conflicts.map(({ field, theirs }) => [field, theirs]))
      const form = [...action.taken].reduce(
        (form, name) => formReducer(form, { type: "set", name, value: theirs[name] }),
        draft.form,
      )
      return { ...draft, form, record: { ...draft.record, ...theirs }, seen: { ...draft.seen, ...theirs } }
    }
    default:
      return { ...draft, form: formAfter(action) }
  }
}

/** Updates the draft to a record read again: untouched fields get the new values. */
export function following<Kept extends Draft>(draft: Kept, record: Values, unreadable: readonly string[]): Kept {
  if (draft.record === record && draft.unreadable === unreadable) return draft
  const form = draft.form.fields.reduce((form, field) => {
    const value = record[field.name]
    const stays = field.name in draft.seen || isDeepStrictEqual(valueIn(field), inputOf(field, value))
    return stays ? form : formReducer(form, { type: "set", name: field.name, value })
  }, draft.form)
  return { ...draft, form, record, unreadable }
}

/** Returns the fields that differ from the record. */
export const changedFields = ({ form, record, unreadable, seen }: Draft): readonly FormField[] =>
  form.fields.filter(
    field => !holds(field, record[field.name]) || (unreadable.includes(field.name) && field.name in seen),
  )

/** Returns the values of all fields. */
export const filledIn = ({ form }: Draft): Values =>
  Object.fromEntries(form.fields.map(field => [field.name, valueIn(field)]))

/** Returns the changed fields as input of the change. */
export const patchOf = (draft: Draft): Values =>
  Object.fromEntries(changedFields(draft).map(field => [field.name, givenIn(field)]))

/** Returns the mistakes in changed fields; other values may be wrong as they are. */
export const mistakesIn = (draft: Draft): ReadonlyMap<string, string> =>
  new Map(
    changedFields(draft).flatMap(field => {
      const mistake = mistakeIn(field)
      return mistake === undefined ? [] : [[field.name, mistake] as const]
    }),
  )

/** Returns the changes in the fields `names`, or their mistakes. */
export function checkedPatch(draft: Draft, names: readonly string[]): Checked {
  const errors = new Map([...mistakesIn(draft)].filter(([name]) => names.includes(name)))
  if (errors.size > 0) return { errors }
  return { values: Object.fromEntries(Object.entries(patchOf(draft)).filter(([name]) => names.includes(name))) }
}
