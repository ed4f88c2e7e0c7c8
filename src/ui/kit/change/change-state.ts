import { z } from "zod"
import type { DeckError } from "../../../domain/errors.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Preview } from "../../../services/operation.ts"
import { type FormField, fieldFor, isOnByDefault, mistakeIn, valueIn } from "../form/form-field.ts"
import { type FormAction, type FormState, formReducer, initialForm } from "../form/form-state.ts"
import type { PreviewState } from "./preview-state.ts"

/** Part of a preview that decides whether the change is possible. */
export interface PreviewConditions {
  /** Text to type as confirmation. */
  readonly typed?: string
  /** Reason why it is impossible, whatever is filled in. */
  readonly stops?: string
}

/** State of a change dialog. */
export interface ChangeState {
  readonly form: FormState
  /** Something was filled in, which one key must not lose. */
  readonly touched: boolean
  /** The operator was warned that leaving loses the input; the next action takes that back. */
  readonly warned: boolean
  readonly running: boolean
  readonly failure: DeckError | undefined
}

export type ChangeAction =
  | FormAction
  | { readonly type: "warn" }
  | { readonly type: "run" }
  | { readonly type: "fail"; readonly error: DeckError }

/** Name of the confirmation field; no input of a change has it. */
const CONFIRMATION = "confirm it"
export const CANCEL = "cancel"
export const DO = "do"

interface ChangeForm {
  readonly input: z.ZodObject
  /** Boolean fields of the input that are offered. */
  readonly options: readonly string[]
  readonly reason?: string | undefined
  /** What is filled in of the options. */
  readonly values?: Readonly<Record<string, unknown>>
}

/** Makes the form: options, the reason where the change takes one, and buttons. */
export function initialChange({ input, options, reason, values = {} }: ChangeForm): ChangeState {
  const names = [...options, ...("reason" in input.shape ? ["reason"] : [])]
  const form = initialForm(input, { names, values: { ...values, reason }, buttons: [CANCEL, DO] })
  const fields = form.fields.map(field => (field.name === "reason" ? { ...field, label: "reason (optional)" } : field))
  const focus = "reason" in input.shape ? "reason" : CANCEL
  return { form: { ...form, fields, focus }, touched: false, warned: false, running: false, failure: undefined }
}

export function changeReducer(state: ChangeState, action: ChangeAction): ChangeState {
  switch (action.type) {
    case "warn":
      return { ...state, warned: true }
    case "run":
      return { ...state, running: true, failure: undefined }
    case "fail":
      return { ...state, running: false, failure: action.error }
    default: {
      const touched = state.touched || ["edit", "turn", "complete"].includes(action.type)
      return { ...state, form: formReducer(state.form, action), touched, warned: false }
    }
  }
}

/** Adds the field for the typed confirmation, where one is needed. */
export function asking(state: ChangeState, typed: string | undefined): ChangeState {
  const { form } = state
  const asked = form.fields.find(field => field.name === CONFIRMATION)
  if (typed === (asked?.schema as z.ZodLiteral<string> | undefined)?.value) return state
  const fields = form.fields.filter(field => field !== asked)
  const focus = form.focus === CONFIRMATION ? CANCEL : form.focus
  if (typed === undefined) return { ...state, form: { ...form, fields, focus } }
  const exactly = z.literal(typed, `type ${typed} to confirm it`).meta({ label: "confirmation" })
  const empty = fieldFor(CONFIRMATION, exactly)
  return { ...state, form: { ...form, focus, fields: [...fields, { ...empty, error: mistakeIn(empty) }] } }
}

/** Returns the form in which boxes that would do nothing, as the notes of the preview say, cannot be set. */
export const withIdle = (state: ChangeState, notes: Preview["notes"] = {}): ChangeState => ({
  ...state,
  form: {
    ...state.form,
    fields: state.form.fields.map(field => (field.kind === "flag" ? { ...field, idle: notes[field.name] } : field)),
  },
})

/** Returns the options that are set, or are unless cleared, and the reason, as input of the change. */
export function filledIn({ form }: ChangeState): Readonly<Record<string, unknown>> {
  const isGiven = (field: FormField) =>
    field.kind === "flag" ? field.value || isOnByDefault(field) : valueIn(field) !== ""
  const given = form.fields.filter(field => field.name !== CONFIRMATION && isGiven(field))
  return Object.fromEntries(given.map(field => [field.name, valueIn(field)]))
}

/** Returns the options alone, without mistakes: the effects depend on them, not on the reason. */
export const chosenOptions = (state: ChangeState): Readonly<Record<string, unknown>> => {
  const { fields } = state.form
  const isRight = (name: string) => fields.every(field => field.name !== name || mistakeIn(field) === undefined)
  const options = Object.entries(filledIn(state)).filter(([name]) => name !== "reason" && isRight(name))
  return Object.fromEntries(options)
}

/** Returns the reason why the change is impossible now, if there is one. */
export function impossible(
  { form, running }: ChangeState,
  previewState: PreviewState<PreviewConditions>,
): Shown | undefined {
  if (running) return shown`it is in progress`
  if (previewState.state === "refused") return shown`it is refused`
  if (previewState.state !== "known") return shown`the preview is still being read`
  const { typed, stops } = previewState.seen
  if (stops !== undefined) return show(stops)
  const confirmation = form.fields.find(field => field.name === CONFIRMATION)
  if (typed !== undefined && (confirmation === undefined || valueIn(confirmation) !== typed)) {
    return shown`type ${show(typed)} to confirm`
  }
  const wrong = form.fields.find(field => mistakeIn(field) !== undefined)
  return wrong && show(`${wrong.label}: ${mistakeIn(wrong)}`)
}
