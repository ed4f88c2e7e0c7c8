import { type Dispatch, useReducer } from "react"
import type { z } from "zod"
import type { Binding } from "../../keys/binding.ts"
import type { FieldTarget } from "../../keys/route.ts"
import { fieldTarget } from "../../keys/text-field.ts"
import type { ScreenModel } from "../screen.ts"
import { isIdle } from "./form-field.ts"
import {
  besideFocus,
  checkForm,
  completions,
  type FormAction,
  type FormState,
  focusedField,
  formReducer,
  initialForm,
} from "./form-state.ts"

/** Model of a form, which the keys of every form act on. */
export type FormModel = ScreenModel & ReturnType<typeof formModel>

/** Target of a field that is not typed in: it takes letters all the same, so that they never act as keys of a form. */
const DEAF: FieldTarget = { insert: () => {}, keys: [] }

export function formModel(form: FormState, dispatch: Dispatch<FormAction>) {
  const [completion] = completions(form)
  const complete = () => completion && dispatch({ type: "complete", value: completion.value })
  const kind = focusedField(form)?.kind
  return {
    form,
    field: kind === "text" ? fieldTarget(change => dispatch({ type: "edit", change })) : kind && DEAF,
    /** Moves to the next or previous field or button; forwards, a completion is taken first. */
    next: (by: 1 | -1) => (completion && by > 0 ? complete() : dispatch({ type: "go", to: besideFocus(form, by) })),
    turn: (by: 1 | -1) => dispatch({ type: "turn", by }),
    complete,
  }
}

/** Returns a form with the fields, labels and checks of a schema. `onSubmit` gets checked values only. */
export function useForm<Schema extends z.ZodObject>(schema: Schema, onSubmit: (values: z.output<Schema>) => void) {
  const [form, dispatch] = useReducer(formReducer, schema, schema => initialForm(schema))
  const submit = () => {
    const checked = checkForm(schema, form)
    if ("values" in checked) onSubmit(checked.values)
    else dispatch({ type: "refuse", errors: checked.errors })
  }
  return { model: { ...formModel(form, dispatch), submit }, dispatch }
}

const kindAtFocus = ({ form }: FormModel) => focusedField(form)?.kind
/** Why the focused box cannot be set. */
const idleAtFocus = ({ form }: FormModel) => {
  const field = focusedField(form)
  return field?.kind === "flag" && isIdle(field) ? field.idle : undefined
}
const atEnd = ({ form }: FormModel) => {
  const field = focusedField(form)
  return field?.kind === "text" && field.text.cursor === field.text.clusters.length && completions(form).length > 0
}

/** Returns whether a button has the keyboard and another stands beside it. */
const hasButton = ({ form: { buttons, focus } }: FormModel, by: 1 | -1) =>
  buttons.includes(focus) && buttons[buttons.indexOf(focus) + by] !== undefined
const hasOthers = ({ form: { fields, buttons } }: FormModel) => fields.length + buttons.length > 1

/** Keys that every form has; each form adds what is done with it. */
export const formBindings: readonly Binding<FormModel>[] = [
  {
    keys: [" "],
    label: "change",
    footer: true,
    inField: true,
    help: "set or clear the check box; the next choice",
    possible: model => idleAtFocus(model) ?? (kindAtFocus(model) === "flag" || kindAtFocus(model) === "choice"),
    run: model => model.turn(1),
  },
  {
    keys: ["right"],
    label: "take",
    inField: true,
    help: "take the completion; the next choice or button",
    possible: model => kindAtFocus(model) === "choice" || atEnd(model) || hasButton(model, 1),
    run: model => {
      if (kindAtFocus(model) === "choice") model.turn(1)
      else if (hasButton(model, 1)) model.next(1)
      else model.complete()
    },
  },
  {
    keys: ["left"],
    label: "choice before",
    inField: true,
    help: "the choice or button before",
    possible: model => kindAtFocus(model) === "choice" || hasButton(model, -1),
    run: model => (kindAtFocus(model) === "choice" ? model.turn(-1) : model.next(-1)),
  },
  {
    keys: ["tab", "down"],
    label: "next field",
    footer: true,
    inField: true,
    help: "the next field or button; takes a completion first",
    possible: hasOthers,
    run: model => model.next(1),
  },
  {
    keys: ["shift-tab", "up"],
    label: "previous field",
    inField: true,
    possible: hasOthers,
    run: model => model.next(-1),
  },
]
