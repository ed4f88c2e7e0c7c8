import type { z } from "zod"
import { metaOf } from "../../domain/schema.ts"
import { type FieldText, fieldText, textOf } from "../widgets/text-field.ts"

/** A form's one field: what it is called, and what is typed in it. */
export interface FormField {
  readonly name: string
  readonly label: string
  readonly secret: boolean
  readonly text: FieldText
  readonly error: string | undefined
}

export interface FormState {
  readonly fields: readonly FormField[]
  readonly focus: number
}

export type FormAction =
  | { readonly type: "edit"; readonly change: (text: FieldText) => FieldText }
  | { readonly type: "focus"; readonly by: number }
  | { readonly type: "refuse"; readonly errors: ReadonlyMap<string, string> }
  | { readonly type: "empty"; readonly name: string }

/** The empty form of a schema; label and secrecy come from each field's `meta`. */
export function initialForm(schema: z.ZodObject): FormState {
  const fields = Object.entries(schema.shape).map(([name, field]) => {
    const { label = name, secret = false } = metaOf(field)
    return { name, label, secret, text: fieldText(""), error: undefined }
  })
  return { fields, focus: 0 }
}

export function formReducer(state: FormState, action: FormAction): FormState {
  switch (action.type) {
    case "edit":
      return mapFields(state, (field, index) =>
        index === state.focus ? { ...field, text: action.change(field.text), error: undefined } : field,
      )
    case "focus":
      return { ...state, focus: (state.focus + action.by + state.fields.length) % state.fields.length }
    case "refuse": {
      const refused = mapFields(state, field => ({ ...field, error: action.errors.get(field.name) }))
      const first = refused.fields.findIndex(field => field.error !== undefined)
      return { ...refused, focus: first < 0 ? state.focus : first }
    }
    case "empty":
      return mapFields(state, field => (field.name === action.name ? { ...field, text: fieldText("") } : field))
  }
}

const mapFields = (state: FormState, change: (field: FormField, index: number) => FormField): FormState => ({
  ...state,
  fields: state.fields.map(change),
})

/** What is typed, checked by the schema: the values, or a message for each field that is wrong. */
export function checkForm<Schema extends z.ZodObject>(
  schema: Schema,
  state: FormState,
): { values: z.output<Schema> } | { errors: ReadonlyMap<string, string> } {
  const parsed = schema.safeParse(Object.fromEntries(state.fields.map(field => [field.name, textOf(field.text)])))
  if (parsed.success) return { values: parsed.data }
  return { errors: new Map(parsed.error.issues.map(issue => [String(issue.path[0]), issue.message])) }
}
