import type { z } from "zod"
import type { Choice } from "../../../domain/locale.ts"
import type { FieldText } from "../../keys/text-field.ts"
import {
  completionsIn,
  type FormField,
  fieldFor,
  findingsIn,
  isIdle,
  mistakeIn,
  turned,
  valueIn,
  withValue,
} from "./form-field.ts"

/** Fields and buttons, and the name of the one that has the keyboard. */
export interface FormState {
  readonly fields: readonly FormField[]
  readonly buttons: readonly string[]
  readonly focus: string
  /** Focused line of a list, from 0; undefined for the place to add one. */
  readonly line?: number | undefined
}

export type FormAction =
  /** Edits the focused text, and checks it. */
  | { readonly type: "edit"; readonly change: (text: FieldText) => FieldText }
  /** Sets or clears a flag; selects another choice. */
  | { readonly type: "turn"; readonly by: 1 | -1 }
  | { readonly type: "complete"; readonly value: string }
  | { readonly type: "go"; readonly to: string; readonly line?: number | undefined }
  | { readonly type: "refuse"; readonly errors: ReadonlyMap<string, string> }
  /** Empties secret fields. */
  | { readonly type: "forget" }
  /** `typed` where somebody typed it, and it was not only filled in. */
  | { readonly type: "set"; readonly name: string; readonly value: unknown; readonly typed?: boolean }

interface FormOptions {
  /** Fields in their order; default: all of the schema. */
  readonly names?: readonly string[]
  readonly values?: Readonly<Record<string, unknown>>
  readonly buttons?: readonly string[]
}

/** Makes the form of a schema. */
export function initialForm(schema: z.ZodObject, options: FormOptions = {}): FormState {
  const { names = Object.keys(schema.shape), values = {}, buttons = [] } = options
  const fields = names.map(name => withValue(fieldFor(name, schema.shape[name] as z.ZodType), values[name]))
  return { fields, buttons, focus: (names[0] ?? buttons[0]) as string }
}

export const focusedField = (form: FormState): FormField | undefined =>
  form.fields.find(field => field.name === form.focus)

/** Returns the field or button beside the focused one, all round; boxes that cannot be set are passed. */
export function besideFocus({ fields, buttons, focus }: FormState, by: 1 | -1): string {
  const stops = [...fields.filter(field => field.name === focus || !isIdle(field)).map(({ name }) => name), ...buttons]
  return stops.at((stops.indexOf(focus) + by) % stops.length) as string
}

export function formReducer(state: FormState, action: FormAction): FormState {
  const every = (change: (field: FormField) => FormField) => ({ ...state, fields: state.fields.map(change) })
  switch (action.type) {
    case "edit":
      return atFocus(state, field =>
        field.kind === "text" ? { ...field, text: action.change(field.text), typed: true } : field,
      )
    case "turn":
      return atFocus(state, field => turned(field, action.by))
    case "complete":
      return atFocus(state, field => withValue(field, action.value))
    case "go":
      return { ...state, focus: action.to, line: action.line }
    case "refuse": {
      const { fields } = every(field => ({ ...field, error: action.errors.get(field.name) }))
      const first = fields.find(field => field.error !== undefined)
      if (first === undefined) return { ...state, fields }
      return { ...state, fields, focus: first.name, line: findingsIn(first).find(({ mistake }) => mistake)?.line }
    }
    case "forget":
      return every(field => (field.kind === "text" && field.secret ? withValue(field, "") : field))
    case "set":
      return every(field => (field.name === action.name ? withValue(field, action.value, action.typed) : field))
  }
}

function atFocus(state: FormState, change: (field: FormField) => FormField): FormState {
  const fields = state.fields.map(field => {
    if (field.name !== state.focus) return field
    const changed = change(field)
    // A text that can be completed is no mistake until it is saved.
    return { ...changed, error: completionsIn(changed).length > 0 ? undefined : mistakeIn(changed) }
  })
  return { ...state, fields }
}

/** Returns the completions of the focused field, the likeliest first. */
export function completions(form: FormState): readonly Choice[] {
  const field = focusedField(form)
  return field ? completionsIn(field) : []
}

/** Checks the form by the schema: values, or a message for each wrong field. */
export function checkForm<Schema extends z.ZodObject>(schema: Schema, state: FormState): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(Object.fromEntries(state.fields.map(field => [field.name, valueIn(field)])))
  if (parsed.success) return { values: parsed.data }
  return { errors: new Map(parsed.error.issues.map(issue => [String(issue.path[0]), issue.message])) }
}

/** Values, or mistakes by field. */
export type Checked<Values = Readonly<Record<string, unknown>>> =
  | { readonly values: Values }
  | { readonly errors: ReadonlyMap<string, string> }
