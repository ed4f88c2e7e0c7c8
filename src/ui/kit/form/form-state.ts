import type { z } from "zod"
import type { Choice } from "../../../domain/locale.ts"
import { bare, metaOf } from "../../../domain/schema.ts"
import { type FieldText, fieldText, textOf } from "../../keys/text-field.ts"
import { completionsOf } from "./completion.ts"

/** What the schema of an input says about one field of a form, and what is wrong with what stands in it. */
interface Common {
  readonly name: string
  readonly label: string
  readonly schema: z.ZodType
  readonly error: string | undefined
}

interface TextInput extends Common {
  readonly kind: "text"
  readonly secret: boolean
  readonly complete: (() => readonly Choice[]) | undefined
  readonly text: FieldText
  /** Whether it was typed in, and not only filled. */
  readonly typed: boolean
}

interface FlagInput extends Common {
  readonly kind: "flag"
  readonly value: boolean
}

interface ChoiceInput extends Common {
  readonly kind: "choice"
  readonly choices: readonly string[]
  /** Empty while nothing is chosen. */
  readonly value: string
}

/** A form's one field: text is typed, a flag is set or not, one of some choices is chosen. */
export type FormField = TextInput | FlagInput | ChoiceInput

/** Fields under one another and the buttons below them; the keyboard is at one of these, by its name. */
export interface FormState {
  readonly fields: readonly FormField[]
  readonly buttons: readonly string[]
  readonly focus: string
}

export type FormAction =
  /** Changes the text that has the keyboard, and checks it. */
  | { readonly type: "edit"; readonly change: (text: FieldText) => FieldText }
  /** Sets or clears a flag; goes on to another choice. */
  | { readonly type: "turn"; readonly by: 1 | -1 }
  | { readonly type: "complete"; readonly value: string }
  | { readonly type: "focus"; readonly by: number }
  | { readonly type: "go"; readonly to: string }
  | { readonly type: "refuse"; readonly errors: ReadonlyMap<string, string> }
  /** Empties what is secret. */
  | { readonly type: "forget" }
  | { readonly type: "set"; readonly name: string; readonly value: unknown }

interface FormOptions {
  /** The fields to have, in this order; all of the schema's where left out. */
  readonly names?: readonly string[]
  readonly values?: Readonly<Record<string, unknown>>
  readonly buttons?: readonly string[]
}

/** The form of a schema: kinds, labels, secrecy, completion and checks are those of its fields. */
export function initialForm(schema: z.ZodObject, options: FormOptions = {}): FormState {
  const { names = Object.keys(schema.shape), values = {}, buttons = [] } = options
  const fields = names.map(name => withValue(fieldFor(name, schema.shape[name] as z.ZodType), values[name]))
  return { fields, buttons, focus: (names[0] ?? buttons[0]) as string }
}

/** The empty field that asks for `schema`. */
export function fieldFor(name: string, schema: z.ZodType): FormField {
  const { label = name, secret = false, complete } = metaOf(schema)
  const common = { name, label, schema, error: undefined }
  const { def } = bare(schema)._zod as { def: { type: string; entries?: Record<string, string> } }
  if (def.type === "boolean") return { ...common, kind: "flag", value: false }
  if (def.entries) return { ...common, kind: "choice", choices: Object.values(def.entries), value: "" }
  return { ...common, kind: "text", secret, complete, text: fieldText(""), typed: false }
}

/** What stands in the field, as its schema takes it. */
export const valueIn = (field: FormField): string | boolean =>
  field.kind === "text" ? textOf(field.text) : field.value

/** A value of a record as the field would hold it: null is the empty text. A secret is typed, never filled in. */
export function inputOf(field: FormField, value: unknown): string | boolean {
  if (field.kind === "flag") return value === true
  if (field.kind === "text" && field.secret) return ""
  return value === null || value === undefined ? "" : String(value)
}

export const focusedField = (form: FormState): FormField | undefined =>
  form.fields.find(field => field.name === form.focus)

export function formReducer(state: FormState, action: FormAction): FormState {
  switch (action.type) {
    case "edit":
      return atFocus(state, field =>
        field.kind === "text" ? { ...field, text: action.change(field.text), typed: true } : field,
      )
    case "turn":
      return atFocus(state, field => turned(field, action.by))
    case "complete":
      return atFocus(state, field => withValue(field, action.value))
    case "focus": {
      const stops = [...state.fields.map(field => field.name), ...state.buttons]
      return { ...state, focus: stops.at((stops.indexOf(state.focus) + action.by) % stops.length) as string }
    }
    case "go":
      return { ...state, focus: action.to }
    case "refuse": {
      const fields = state.fields.map(field => ({ ...field, error: action.errors.get(field.name) }))
      const first = fields.find(field => field.error !== undefined)
      return { ...state, fields, focus: first?.name ?? state.focus }
    }
    case "forget":
      return {
        ...state,
        fields: state.fields.map(field => (field.kind === "text" && field.secret ? withValue(field, "") : field)),
      }
    case "set":
      return {
        ...state,
        fields: state.fields.map(field => (field.name === action.name ? withValue(field, action.value) : field)),
      }
  }
}

function atFocus(state: FormState, change: (field: FormField) => FormField): FormState {
  const fields = state.fields.map(field => {
    if (field.name !== state.focus) return field
    const changed = change(field)
    // What can be completed is no mistake yet; it is one when it is to be saved.
    return { ...changed, error: completionsIn(changed).length > 0 ? undefined : mistakeIn(changed) }
  })
  return { ...state, fields }
}

function turned(field: FormField, by: 1 | -1): FormField {
  if (field.kind === "flag") return { ...field, value: !field.value }
  if (field.kind === "text") return field
  const at = field.choices.indexOf(field.value)
  const next = at < 0 ? 0 : (at + by + field.choices.length) % field.choices.length
  return { ...field, value: field.choices[next] as string }
}

function withValue(field: FormField, value: unknown): FormField {
  const input = inputOf(field, value)
  if (field.kind === "text") return { ...field, text: fieldText(input as string), typed: false, error: undefined }
  return { ...field, value: input, error: undefined } as FormField
}

/** What is wrong with what stands in the field. */
export const mistakeIn = (field: FormField): string | undefined =>
  field.schema.safeParse(valueIn(field)).error?.issues[0]?.message

/** What could be taken for what is being typed now, the likeliest first. */
export function completions(form: FormState): readonly Choice[] {
  const field = focusedField(form)
  return field ? completionsIn(field) : []
}

const completionsIn = (field: FormField): readonly Choice[] =>
  field.kind === "text" && field.typed && field.complete ? completionsOf(textOf(field.text), field.complete()) : []

/** What is typed, checked by the schema: the values, or a message for each field that is wrong. */
export function checkForm<Schema extends z.ZodObject>(
  schema: Schema,
  state: FormState,
): { values: z.output<Schema> } | { errors: ReadonlyMap<string, string> } {
  const parsed = schema.safeParse(Object.fromEntries(state.fields.map(field => [field.name, valueIn(field)])))
  if (parsed.success) return { values: parsed.data }
  return { errors: new Map(parsed.error.issues.map(issue => [String(issue.path[0]), issue.message])) }
}
