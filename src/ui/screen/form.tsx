import { useReducer } from "react"
import type { z } from "zod"
import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { Binding } from "../keys/binding.ts"
import { blank, type Piece, piece } from "../widgets/line.tsx"
import { fieldTarget } from "../widgets/text-field.ts"
import { fieldPieces } from "../widgets/text-field-view.ts"
import { checkForm, type FormState, formReducer, initialForm } from "./form-state.ts"
import type { ScreenModel } from "./screen.ts"

export interface FormModel extends ScreenModel {
  readonly form: FormState
  next(by: number): void
  submit(): void
}

/** A form made from a schema: its fields, labels and checks are the schema's. `onSubmit` gets checked values only. */
export function useForm<Schema extends z.ZodObject>(schema: Schema, onSubmit: (values: z.output<Schema>) => void) {
  const [form, dispatch] = useReducer(formReducer, schema, initialForm)
  const model: FormModel = {
    form,
    field: fieldTarget(change => dispatch({ type: "edit", change })),
    next: by => dispatch({ type: "focus", by }),
    submit: () => {
      const checked = checkForm(schema, form)
      if ("values" in checked) onSubmit(checked.values)
      else dispatch({ type: "refuse", errors: checked.errors })
    },
  }
  return { model, dispatch }
}

/** The keys that every form has. */
export const formBindings = (submitLabel: string): readonly Binding<FormModel>[] => [
  { keys: ["enter"], label: submitLabel, footer: true, inField: true, run: model => model.submit() },
  { keys: ["tab", "down"], label: "next field", footer: true, inField: true, run: model => model.next(1) },
  { keys: ["shift-tab", "up"], label: "previous field", inField: true, run: model => model.next(-1) },
]

/** The fields under one another, a mistake under the field it is in. */
export function formLines(form: FormState, columns: number): Piece[][] {
  const labels: Shown[] = form.fields.map(field => show(field.label))
  const labelWidth = Math.max(...labels.map(width)) + 2
  return form.fields.flatMap((field, index) => {
    const focused = index === form.focus
    const mark = focused ? shown`▌` : shown` `
    const label = piece(shown`${mark} ${fit(labels[index] as Shown, labelWidth)}`, focused ? "key" : "dim")
    const line = [label, ...fieldPieces(field.text, columns - labelWidth - 3, { secret: field.secret, focused })]
    if (field.error === undefined) return [line]
    return [line, [piece(shown`${blank(labelWidth + 2)}${show(field.error)}`, "act")]]
  })
}
