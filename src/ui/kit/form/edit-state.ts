import type { z } from "zod"
import type { Resolution } from "./conflict-state.ts"
import {
  type FormAction,
  type FormField,
  type FormState,
  formReducer,
  initialForm,
  inputOf,
  mistakeIn,
  valueIn,
} from "./form-state.ts"

type Values = Readonly<Record<string, unknown>>

/** Somebody editing a record: what they filled in, and what they saw there when they began. */
export interface EditState {
  readonly form: FormState
  readonly seen: Values
  /** What was given as the reason, should saving it have been refused. */
  readonly reason: string
}

export type EditAction =
  | FormAction
  | { readonly type: "refused"; readonly errors: ReadonlyMap<string, string>; readonly reason: string }
  | Resolution

export const initialEdit = (schema: z.ZodObject, names: readonly string[], seen: Values): EditState => ({
  form: initialForm(schema, { names, values: seen }),
  seen,
  reason: "",
})

export function editReducer(state: EditState, action: EditAction): EditState {
  switch (action.type) {
    case "refused":
      return {
        ...state,
        reason: action.reason,
        form: formReducer(state.form, { type: "refuse", errors: action.errors }),
      }
    case "resolve": {
      const theirs = action.conflicts.map(({ field, theirs }) => [field, theirs] as const)
      const form = theirs
        .filter(([name]) => action.taken.has(name))
        .reduce((form, [name, value]) => formReducer(form, { type: "set", name, value }), state.form)
      return { ...state, form, seen: { ...state.seen, ...Object.fromEntries(theirs) } }
    }
    default:
      return { ...state, form: formReducer(state.form, action) }
  }
}

/** The fields that hold something else than what was seen. */
export const changedFields = ({ form, seen }: EditState): readonly FormField[] =>
  form.fields.filter(field => valueIn(field) !== inputOf(field, seen[field.name]))

const valuesIn = (fields: readonly FormField[]): Values =>
  Object.fromEntries(fields.map(field => [field.name, valueIn(field)]))

/** All fields as they are filled in. */
export const filledIn = ({ form }: EditState): Values => valuesIn(form.fields)

/** The changed fields alone, as the change's input has them. */
export const patchOf = (state: EditState): Values => valuesIn(changedFields(state))

/** What is wrong with what was changed, by field; what was there before is nobody's mistake. */
export const mistakesIn = (state: EditState): ReadonlyMap<string, string> =>
  new Map(
    changedFields(state).flatMap(field => {
      const mistake = mistakeIn(field)
      return mistake === undefined ? [] : [[field.name, mistake] as const]
    }),
  )

/** A value of a record as people read it; nothing is the empty text. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "boolean") return value ? "yes" : "no"
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}
