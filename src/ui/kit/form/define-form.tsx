import { Box } from "ink"
import type { z } from "zod"
import { type Binding, defineBindings } from "../../keys/binding.ts"
import { Lines, type Piece } from "../../widgets/line.tsx"
import { askScreen } from "../dialog/ask.tsx"
import { useForgetSecrets } from "../idle.ts"
import { defineScreen, type Screen } from "../screen.ts"
import { type Shell, useScreenReducer, useShell } from "../shell.ts"
import { changedFields, checkedPatch, type Draft, draftReducer, initialDraft, type Values } from "./draft-state.ts"
import type { FormField } from "./form-field.ts"
import { formLinesWithin, type Notes } from "./form-lines.ts"
import { type FormModel, formBindings, formModel } from "./form-model.ts"
import type { Checked } from "./form-state.ts"
import { type Saving, save } from "./saving.ts"

/** Fields of a form. */
interface Fields {
  readonly schema: z.ZodObject
  /** Fields that are saved, in order. */
  readonly names: readonly string[]
  /** Fields before them that are not saved. */
  readonly unsaved?: readonly string[]
  /** Initial values. */
  readonly values: Values
  /** Values of the record, where they differ from the initial ones. */
  readonly seen?: Values
}

interface Declaration<Params, Known> {
  readonly id: string
  readonly title: string
  /** One sentence for help and palette. */
  readonly summary: string
  readonly fields: (params: Params) => Fields
  readonly useKnown?: (params: Params) => Known
  readonly saving: (params: Params, shell: Shell) => Saving
  /** Returns what to save; default: the changed fields. */
  readonly check?: (draft: Draft) => Checked
  readonly saveKey: Pick<Binding<FilledForm<Params, Known>>, "label" | "help" | "possible">
  readonly bindings?: readonly Binding<FilledForm<Params, Known>>[]
  /** Question before changes are lost. */
  readonly leaving: (params: Params, changed: readonly FormField[]) => { readonly title: string; readonly text: string }
  readonly heading: (form: FilledForm<Params, Known>) => readonly Piece[]
  /** Notes behind the fields. */
  readonly notes?: (form: FilledForm<Params, Known>) => Notes
  /** Warnings about the values; they replace the notes. */
  readonly warnings?: (form: FilledForm<Params, Known>) => Notes
}

/** Declares a form once: saving, mistakes, conflicts and the question on leaving come with it. */
export function defineForm<Params, Known = undefined>(form: Declaration<Params, Known>): Screen<Params> {
  const { id, title, summary, bindings = [] } = form
  const takesEnter = bindings.some(({ keys }) => keys.includes("enter"))
  return defineScreen<Params, FilledForm<Params, Known>>({
    id,
    title,
    summary,
    bindings: defineBindings<FilledForm<Params, Known>>([
      ...bindings,
      { ...form.saveKey, keys: ["ctrl-s"], changes: true, footer: true, inField: true, run: model => model.save() },
      { keys: ["esc"], label: "leave", footer: true, inField: true, run: model => model.leave() },
      ...(takesEnter ? [] : [nextField]),
      ...formBindings,
    ]),
    useModel: params => useFilledForm(form, params),
    Body: ({ model, size: { columns, rows } }) => {
      const fields = formLinesWithin(model.form, columns, rows - 2, form.notes?.(model), form.warnings?.(model))
      return (
        <Box flexDirection="column">
          <Lines lines={[form.heading(model), [], ...fields]} columns={columns} />
        </Box>
      )
    },
  })
}

/** Model of the form's keys and lines. */
export type FilledForm<Params, Known = unknown> = ReturnType<typeof useFilledForm<Params, Known>>

function useFilledForm<Params, Known>(form: Declaration<Params, Known>, params: Params) {
  const shell = useShell()
  const { schema, names, unsaved = [], values, seen } = form.fields(params)
  const [draft, dispatch] = useScreenReducer("draft", draftReducer, () =>
    initialDraft(schema, [...unsaved, ...names], values, seen),
  )
  useForgetSecrets(dispatch)
  /** Fields to save whose value is not the initial one. */
  const changed: readonly FormField[] = changedFields(draft).filter(({ name }) => names.includes(name))
  return {
    ...formModel(draft.form, dispatch),
    params,
    shell,
    draft,
    changed,
    /** Result of `useKnown`. */
    known: form.useKnown?.(params) as Known,
    save: () => {
      const checked = form.check?.(draft) ?? checkedPatch(draft, names)
      save(form.saving(params, shell), { shell, draft, dispatch }, checked)
    },
    leave: () => {
      if (changed.length === 0) return shell.back()
      shell.push(askScreen, { ...form.leaving(params, changed), run: shell.back })
    },
    /** Shows what is wrong, by field. */
    refuse: (errors: ReadonlyMap<string, string>) => dispatch({ type: "refuse", errors }),
  }
}

const nextField: Binding<FormModel> = {
  keys: ["enter"],
  label: "next field",
  inField: true,
  run: model => model.next(1),
}
