import { isDeepStrictEqual } from "node:util"
import type { z } from "zod"
import type { Choice } from "../../../domain/locale.ts"
import { bare, metaOf } from "../../../domain/schema.ts"
import { type FieldText, fieldText, textOf } from "../../keys/text-field.ts"

/** Members of every kind of field. */
interface Common {
  readonly name: string
  readonly label: string
  readonly schema: z.ZodType
  readonly error: string | undefined
}

interface TextInput {
  readonly kind: "text"
  readonly secret: boolean
  readonly complete: (() => readonly Choice[]) | undefined
  readonly text: FieldText
  /** The text was typed, not only filled in. */
  readonly typed: boolean
}

/** Field of a form; the value of a choice is empty until one is chosen. */
export type FormField = Common &
  (
    | TextInput
    /** `idle` says why setting it would do nothing: it cannot be set. */
    | { readonly kind: "flag"; readonly value: boolean; readonly idle?: string | undefined }
    | { readonly kind: "choice"; readonly value: string; readonly choices: readonly string[] }
    | { readonly kind: "list"; readonly value: readonly string[] }
  )

/** Whether a field is a box that cannot be set. */
export const isIdle = (field: FormField): boolean => field.kind === "flag" && field.idle !== undefined && !field.value

/** Value of a field. */
export type FieldValue = string | boolean | readonly string[]

/** Makes the empty field for `schema`. */
export function fieldFor(name: string, schema: z.ZodType): FormField {
  const { label = name, secret = false, complete } = metaOf(schema)
  const common = { name, label, schema, error: undefined }
  const { def } = bare(schema)._zod as { def: { type: string; entries?: Record<string, string> } }
  if (def.type === "boolean") return { ...common, kind: "flag", value: false }
  if (def.type === "array") return { ...common, kind: "list", value: [] }
  if (def.entries) return { ...common, kind: "choice", choices: Object.values(def.entries), value: "" }
  return { ...common, kind: "text", secret, complete, text: fieldText(""), typed: false }
}

/** Tells whether a flag is set where nobody says anything. */
export const isOnByDefault = ({ schema }: FormField): boolean => schema.safeParse(undefined).data === true

/** Returns the value of a field, as its schema takes it. */
export const valueIn = (field: FormField): FieldValue => (field.kind === "text" ? textOf(field.text) : field.value)

/** Converts a record's value to a field's: null is the empty text. A secret is never filled in. */
export function inputOf(field: FormField, value: unknown): FieldValue {
  if (field.kind === "flag") return value === undefined ? isOnByDefault(field) : value === true
  if (field.kind === "list") return Array.isArray(value) ? value : []
  if (field.kind === "text" && field.secret) return ""
  return spelled(field.schema, value)
}

/** Writes a value as forms show it; null is the empty text. */
export function spelled(schema: z.core.$ZodType | undefined, value: unknown): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "boolean") return value ? "yes" : "no"
  if (typeof value === "object") return JSON.stringify(value)
  const format = schema && metaOf(schema).format
  return format && typeof value !== "string" ? format(value as never) : String(value)
}

/** Normalizes what was typed: `0.70` for `.7`. */
export function respelled({ schema }: FormField, typed: string): string {
  if (metaOf(schema).format === undefined) return typed
  const parsed = schema.safeParse(typed)
  return parsed.success ? spelled(schema, parsed.data) : typed
}

export function withValue(field: FormField, value: unknown, typed = false): FormField {
  const input = inputOf(field, value)
  if (field.kind === "text") return { ...field, text: fieldText(input as string), typed, error: undefined }
  return { ...field, value: input, error: undefined } as FormField
}

/** Returns the value of a field as input of a change. */
export function givenIn(field: FormField): unknown {
  const value = valueIn(field)
  return metaOf(field.schema).format === undefined ? value : (field.schema.safeParse(value).data ?? value)
}

/** Tells whether the field holds this value of a record, of which its text may show less than there is. */
export function holds(field: FormField, value: unknown): boolean {
  const isSpelled = field.kind === "text" && field.typed && metaOf(field.schema).format !== undefined
  return isSpelled ? givenIn(field) === value : isDeepStrictEqual(valueIn(field), inputOf(field, value))
}

/** Selects another choice; sets or clears a flag. */
export function turned(field: FormField, by: 1 | -1): FormField {
  if (field.kind === "flag") return { ...field, value: !field.value }
  if (field.kind !== "choice") return field
  const at = field.choices.indexOf(field.value)
  const next = at < 0 ? 0 : (at + by + field.choices.length) % field.choices.length
  return { ...field, value: field.choices[next] as string }
}

/** Returns the findings about the lines of a list. */
export const findingsIn = (field: FormField) =>
  (field.kind === "list" && metaOf(field.schema).examine?.(field.value)) || []

/** Returns the mistake in a field. */
export function mistakeIn(field: FormField): string | undefined {
  const wrong = findingsIn(field).find(({ mistake }) => mistake !== undefined)
  if (wrong) return `line ${wrong.line + 1} ${wrong.mistake}`
  return field.schema.safeParse(valueIn(field)).error?.issues[0]?.message
}

/** Returns the completions of the typed text, the likeliest first. */
export const completionsIn = (field: FormField): readonly Choice[] =>
  field.kind === "text" && field.typed && field.complete ? completionsOf(textOf(field.text), field.complete()) : []

/**
 * Returns the choices that contain `typed`, in any case, those that begin with it first; none for empty text and for a
 * choice already complete.
 */
export function completionsOf(typed: string, choices: readonly Choice[]): readonly Choice[] {
  const sought = typed.trim().toLowerCase()
  if (sought === "" || choices.some(choice => choice.value === typed)) return []
  const begins: Choice[] = []
  const contains: Choice[] = []
  for (const choice of choices) {
    const value = choice.value.toLowerCase()
    if (value.startsWith(sought)) begins.push(choice)
    else if (value.includes(sought) || choice.label.toLowerCase().includes(sought)) contains.push(choice)
  }
  return [...begins, ...contains]
}
