import type { z } from "zod"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Change } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import { piece } from "../../widgets/line.tsx"
import type { Opened } from "../detail/declaration.ts"
import { defineForm } from "./define-form.tsx"
import { filledIn, type Values } from "./draft-state.ts"
import type { Notes } from "./form-lines.ts"

export interface EditParams {
  /** Name of the record. */
  readonly title: string
  readonly change: Change<z.ZodObject, unknown>
  /** Members of the change's input beside the fields: an id. */
  readonly input: Values
  readonly fields: readonly string[]
  /** Present values, by the names of the input. */
  readonly seen: Values
  readonly notes?: Notes
  /** Warnings about the values that are filled in. */
  readonly warnings?: (filled: Values) => Notes
  /** Target of its audit rows; default: the id. */
  readonly target?: string
}

/** Form that edits a record: its fields are those of the change's input, and the changes are confirmed in a dialog. */
export const editScreen = defineForm<EditParams>({
  id: "edit",
  title: "Edit",
  summary: "change the fields of one thing",
  fields: ({ change, fields, seen }) => ({ schema: change.input, names: fields, values: seen }),
  saving: ({ title, change, input, target = String(input.id) }, { back }) => ({
    change,
    input,
    title,
    target,
    verb: "Save",
    refusal: (label, mistake) => `not saved: ${label} ${mistake}`,
    done: back,
  }),
  saveKey: { label: "save", help: "review the changes, give a reason, and save" },
  leaving: ({ title }, changed) => ({
    title: `Leave ${title} without saving?`,
    text: `Unsaved changes: ${changed.map(({ label }) => label).join(", ")}.`,
  }),
  heading: ({ params, changed }) => [
    piece(shown` Edit `, "dim"),
    piece(show(params.title), "strong"),
    changed.length === 0
      ? piece(shown`   nothing changed`, "dim")
      : piece(shown`   changed: ${changed.length}`, "look"),
  ],
  notes: ({ params }) => params.notes ?? {},
  warnings: ({ params, draft }) => params.warnings?.(filledIn(draft)) ?? {},
})

/** Returns the key that edits the record of a screen. */
export const editBinding = <Subject,>(
  help: string,
  editOf: (subject: Subject) => EditParams,
  possible: (subject: Subject) => boolean | string = () => true,
): Binding<Opened<Subject>> => ({
  keys: ["e"],
  label: "edit",
  changes: true,
  footer: true,
  help,
  possible: ({ subject }) => possible(subject),
  run: ({ subject, shell }) => shell.push(editScreen, editOf(subject)),
})
