import type { z } from "zod"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Change } from "../../../services/operation.ts"
import { piece } from "../../widgets/line.tsx"
import { defineForm } from "./define-form.tsx"
import { filledIn, type Values } from "./draft-state.ts"
import type { Notes } from "./form-lines.ts"

export interface EditParams {
  /** What is edited, by its name. */
  readonly title: string
  readonly change: Change<z.ZodObject, unknown>
  /** What the change's input has beside the fields: an id. */
  readonly input: Values
  readonly fields: readonly string[]
  /** The fields as they are now, by the names of the input. */
  readonly seen: Values
  /** A word behind a field: since when something is so. */
  readonly notes?: Notes
  /** What to look at in what is filled in, by field; it stands in the place of the word behind it. */
  readonly warnings?: (filled: Values) => Notes
  /** What the audit rows of this have as their target; the id where left out. */
  readonly target?: string
}

/** Edits a record: one form made from the change's input, read over before it is saved. */
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
  saveKey: { label: "save", help: "show what is changed, ask why, and save it" },
  leaving: ({ title }, changed) => ({
    title: `Leave ${title} without saving?`,
    text: `What you changed is lost: ${changed.map(({ label }) => label).join(", ")}.`,
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
