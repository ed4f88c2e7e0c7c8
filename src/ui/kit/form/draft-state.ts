import { isDeepStrictEqual } from "node:util"
import type { z } from "zod"
import type { Resolution } from "./conflict-state.ts"
import { type FormField, givenIn, holds, inputOf, mistakeIn, valueIn } from "./form-field.ts"
import { type Checked, type FormAction, type FormState, formReducer, initialForm } from "./form-state.ts"

export type Values = Readonly<Record<string, unknown>>

/** Draft of a record: what somebody filled in, and what they saw there when they began. */
export interface Draft {
  readonly form: FormState
  /** What the fields hold as long as nobody changes them. */
  readonly record: Values
  /** The fields of it that cannot be read: whatever is filled in there is a change. */
  readonly unreadable: readonly string[]
  /** What was seen in the record, by field: another value there by now is a conflict. */
  readonly seen: Values
  /** What was given as the reason, should saving it have been refused. */
  readonly reason: string
}

export type DraftAction =
  | FormAction
  | { readonly type: "refused"; readonly errors: ReadonlyMap<string, string>; readonly reason: string }
  | Resolution

/** `seen` is what the record holds, where that is not what the fields begin with. */
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

/** The record was read again: a field that was not touched, and so is not `seen`, holds what stands there now. */
export function following<Kept extends Draft>(draft: Kept, record: Values, unreadable: readonly string[]): Kept {
  if (draft.record === record && draft.unreadable === unreadable) return draft
  const form = draft.form.fields.reduce((form, field) => {
    const value = record[field.name]
    const stays = field.name in draft.seen || isDeepStrictEqual(valueIn(field), inputOf(field, value))
    return stays ? form : formReducer(form, { type: "set", name: field.name, value })
  }, draft.form)
  return { ...draft, form, record, unreadable }
}

/** The fields that hold something else than the record. */
export const changedFields = ({ form, record, unreadable, seen }: Draft): readonly FormField[] =>
  form.fields.filter(
    field => !holds(field, record[field.name]) || (unreadable.includes(field.name) && field.name in seen),
  )

/** All fields as they are filled in. */
export const filledIn = ({ form }: Draft): Values =>
  Object.fromEntries(form.fields.map(field => [field.name, valueIn(field)]))

/** The changed fields alone, as the change's input has them. */
export const patchOf = (draft: Draft): Values =>
  Object.fromEntries(changedFields(draft).map(field => [field.name, givenIn(field)]))

/** What is wrong with what was changed, by field; what was there before is nobody's mistake. */
export const mistakesIn = (draft: Draft): ReadonlyMap<string, string> =>
  new Map(
    changedFields(draft).flatMap(field => {
      const mistake = mistakeIn(field)
      return mistake === undefined ? [] : [[field.name, mistake] as const]
    }),
  )

/** What is changed in the fields of these names, or what is wrong with it. */
export function checkedPatch(draft: Draft, names: readonly string[]): Checked {
  const errors = new Map([...mistakesIn(draft)].filter(([name]) => names.includes(name)))
  if (errors.size > 0) return { errors }
  return { values: Object.fromEntries(Object.entries(patchOf(draft)).filter(([name]) => names.includes(name))) }
}
