import { Box } from "ink"
import type { z } from "zod"
import { type Binding, defineBindings } from "../../keys/binding.ts"
import { Lines, type Piece } from "../../widgets/line.tsx"
import { askScreen } from "../dialog/ask.tsx"
import { useSecretsForgotten } from "../left-alone.ts"
import { defineScreen, type Screen } from "../screen.ts"
import { type Shell, useScreenReducer, useShell } from "../shell.ts"
import { changedFields, checkedPatch, type Draft, draftReducer, initialDraft, type Values } from "./draft-state.ts"
import type { FormField } from "./form-field.ts"
import { formLinesWithin, type Notes } from "./form-lines.ts"
import { type FormModel, formBindings, formModel } from "./form-model.ts"
import type { Checked } from "./form-state.ts"
import { type Saving, save } from "./saving.ts"

/** Fields of a form, and what stands in them to begin with. */
interface Fields {
  readonly schema: z.ZodObject
  /** The fields that are saved, in their order. */
  readonly names: readonly string[]
  /** Those before them that are asked for and not saved. */
  readonly unsaved?: readonly string[]
  readonly values: Values
  /** What the record holds, where that is something else. */
  readonly seen?: Values
}

/** Model of a form. */
export interface FilledForm<Params, Known = unknown> extends FormModel {
  readonly params: Params
  readonly shell: Shell
  readonly draft: Draft
  /** The fields to be saved that hold something else than at first. */
  readonly changed: readonly FormField[]
  /** What the form knows beside what is filled in. */
  readonly known: Known
  save(): void
  leave(): void
  /** Shows what is wrong, by field. */
  refuse(errors: ReadonlyMap<string, string>): void
}

interface Declaration<Params, Known> {
  readonly id: string
  readonly title: string
  /** One sentence for help and palette. */
  readonly summary: string
  readonly fields: (params: Params) => Fields
  readonly useKnown?: (params: Params) => Known
  readonly saving: (params: Params, shell: Shell) => Saving
  /** What is to be saved; the changed fields where left out. */
  readonly check?: (draft: Draft) => Checked
  readonly saveKey: Pick<Binding<FilledForm<Params, Known>>, "label" | "help" | "possible">
  /** What else can be done with what is filled in. */
  readonly bindings?: readonly Binding<FilledForm<Params, Known>>[]
  /** What is asked before something is lost. */
  readonly leaving: (params: Params, changed: readonly FormField[]) => { readonly title: string; readonly text: string }
  readonly heading: (form: FilledForm<Params, Known>) => readonly Piece[]
  /** A word behind a field. */
  readonly notes?: (form: FilledForm<Params, Known>) => Notes
  /** What to look at in what is filled in; it stands in the place of the word behind the field. */
  readonly warnings?: (form: FilledForm<Params, Known>) => Notes
}

/** Declares a form once: fields from a schema; saving, what is refused, conflicts and the question on leaving come with it. */
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
    useModel: params => {
      const shell = useShell()
      const { schema, names, unsaved = [], values, seen } = form.fields(params)
      const [draft, dispatch] = useScreenReducer("draft", draftReducer, () =>
        initialDraft(schema, [...unsaved, ...names], values, seen),
      )
      useSecretsForgotten(dispatch)
      const changed = changedFields(draft).filter(({ name }) => names.includes(name))
      const saving = form.saving(params, shell)
      const filled = { shell, draft, dispatch }
      return {
        ...formModel(draft.form, dispatch),
        params,
        shell,
        draft,
        changed,
        known: form.useKnown?.(params) as Known,
        save: () => save(saving, filled, form.check?.(draft) ?? checkedPatch(draft, names)),
        leave: () => {
          if (changed.length === 0) return shell.back()
          shell.push(askScreen, { ...form.leaving(params, changed), run: shell.back })
        },
        refuse: errors => dispatch({ type: "refuse", errors }),
      }
    },
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

const nextField: Binding<FormModel> = {
  keys: ["enter"],
  label: "next field",
  inField: true,
  run: model => model.next(1),
}
