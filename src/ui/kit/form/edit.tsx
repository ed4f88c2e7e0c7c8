import { Box } from "ink"
import type { z } from "zod"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Change } from "../../../services/operation.ts"
import { defineBindings } from "../../keys/binding.ts"
import { Lines, piece } from "../../widgets/line.tsx"
import { changeDialog } from "../change/change-dialog.tsx"
import { askScreen } from "../dialog/ask.tsx"
import { useSecretsForgotten } from "../left-alone.ts"
import { defineScreen } from "../screen.ts"
import { useScreenReducer, useShell } from "../shell.ts"
import { changedFields, type EditState, editReducer, filledIn, initialEdit, mistakesIn, patchOf } from "./edit-state.ts"
import { type FormModel, formBindings, formLinesWithin, formModel } from "./form.tsx"
import { sayNotSaved, takesBackTo } from "./refusal.ts"

export interface EditParams {
  /** What is edited, by its name. */
  readonly title: string
  readonly change: Change<z.ZodObject, unknown>
  /** What the change's input has beside the fields: an id. */
  readonly input: Readonly<Record<string, unknown>>
  readonly fields: readonly string[]
  /** The fields as they are now, by the names of the input. */
  readonly seen: Readonly<Record<string, unknown>>
  /** A word behind a field: since when something is so. */
  readonly notes?: Readonly<Record<string, string>>
  /** What to look at in what is filled in, by field; it stands in the place of the word behind it. */
  readonly warnings?: (filled: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>
  /** What the audit rows of this have as their target; the id where left out. */
  readonly target?: string
}

interface EditModel extends FormModel {
  readonly params: EditParams
  readonly state: EditState
  save(): void
  leave(): void
}

/** Edits a record: one form made from the change's input, read over before it is saved. */
export const editScreen = defineScreen<EditParams, EditModel>({
  id: "edit",
  title: "Edit",
  summary: "change the fields of one thing",
  bindings: defineBindings<EditModel>([
    {
      keys: ["ctrl-s"],
      label: "save",
      changes: true,
      footer: true,
      inField: true,
      help: "show what is changed, ask why, and save it",
      run: model => model.save(),
    },
    { keys: ["esc"], label: "leave", footer: true, inField: true, run: model => model.leave() },
    { keys: ["enter"], label: "next field", inField: true, run: model => model.next(1) },
    ...formBindings,
  ]),
  useModel: params => {
    const { title, change, input, fields, seen, target = String(input.id) } = params
    const shell = useShell()
    const [state, dispatch] = useScreenReducer("edit", editReducer, () => initialEdit(change.input, fields, seen))
    useSecretsForgotten(dispatch)

    const takesBack = takesBackTo({ shell, title, target, input: change.input, fields, dispatch })
    const save = () => {
      const mistakes = mistakesIn(state)
      const [first] = mistakes
      if (first) {
        dispatch({ type: "refuse", errors: mistakes })
        return sayNotSaved(shell, change.input, ...first)
      }
      if (changedFields(state).length === 0) return shell.say(shown`nothing is changed`, "look")
      shell.push(changeDialog, {
        change,
        input: { ...input, ...patchOf(state), reason: state.reason },
        verb: "Save",
        seen: state.seen,
        done: shell.back,
        takesBack,
      })
    }
    const leave = () => {
      const labels = changedFields(state).map(field => field.label)
      if (labels.length === 0) return shell.back()
      shell.push(askScreen, {
        title: `Leave ${title} without saving?`,
        text: `What you changed is lost: ${labels.join(", ")}.`,
        stay: "Stay",
        go: "Leave",
        run: shell.back,
      })
    }
    return { ...formModel(state.form, dispatch), params, state, save, leave }
  },
  Body: ({ model: { params, state }, size: { columns, rows } }) => {
    const changed = changedFields(state).length
    const warnings = params.warnings?.(filledIn(state))
    const header = [
      piece(shown` Edit `, "dim"),
      piece(show(params.title), "strong"),
      changed === 0 ? piece(shown`   nothing changed`, "dim") : piece(shown`   changed: ${changed}`, "look"),
    ]
    return (
      <Box flexDirection="column">
        <Lines
          lines={[header, [], ...formLinesWithin(state.form, columns, rows - 2, params.notes, warnings)]}
          columns={columns}
        />
      </Box>
    )
  },
})
