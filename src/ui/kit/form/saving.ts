import type { z } from "zod"
import type { DeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import type { Change, Outcome } from "../../../services/operation.ts"
import { changeDialog } from "../change/change-dialog.tsx"
import type { Shell } from "../shell.ts"
import { conflictScreen } from "./conflict.tsx"
import type { Draft, DraftAction, Values } from "./draft-state.ts"
import type { Checked } from "./form-state.ts"

/** Change that saves a form. */
export interface Saving {
  readonly change: Change<z.ZodObject, unknown>
  /** Members of the change's input beside the fields: an id. */
  readonly input?: Values
  /** Name of the record, and target of its audit rows. */
  readonly title: string
  readonly target: string
  /** Text of the button; default: the first word of the preview's title. */
  readonly verb?: string
  readonly stoppable?: boolean
  /** What the screen knows of its effects beside the preview, a sentence each. */
  readonly impact?: readonly string[]
  /** Message about a mistake, whose field may be out of sight: `not saved: port must be a port`. */
  readonly refusal?: (label: string, mistake: string) => string
  /** Called once it is saved and the dialog is closed. */
  readonly done: (outcome: Outcome<unknown>) => void
}

interface Filled {
  readonly shell: Shell
  readonly draft: Draft
  readonly dispatch: (action: DraftAction) => void
}

/** Shows mistakes at their fields, and reports the first. */
function refuse({ refusal, change }: Saving, { shell, dispatch }: Filled, errors: ReadonlyMap<string, string>) {
  dispatch({ type: "refuse", errors })
  const [[field, mistake] = ["", ""]] = errors
  if (refusal) shell.say(show(refusal(labelOf(change.input, field), mistake)), "act")
}

/**
 * Asks and saves. Conflicts and mistakes of fields come back to the form once the dialog is closed; other refusals stay
 * in the dialog.
 */
export function save(saving: Saving, filled: Filled, checked: Checked) {
  const { change, input, title, target, verb, stoppable = false, impact = [], done } = saving
  const { shell, draft, dispatch } = filled
  if ("errors" in checked) return refuse(saving, filled, checked.errors)
  if (Object.keys(checked.values).length === 0) return shell.say(shown`nothing is changed`, "look")
  const takesBack = ({ conflicts, field = "", message }: DeckError, reason: string) => {
    const isOurs = draft.form.fields.some(({ name }) => name === field)
    if (conflicts.length === 0 && !isOurs) return undefined
    return () => {
      dispatch({ type: "refused", errors: new Map(), reason })
      if (conflicts.length === 0) return refuse(saving, filled, new Map([[field, message]]))
      shell.push(conflictScreen, { title, target, input: change.input, conflicts, resolve: dispatch })
    }
  }
  shell.push(changeDialog, {
    change,
    input: { ...input, ...checked.values, reason: draft.reason },
    ...(verb !== undefined && { verb }),
    seen: draft.seen,
    stoppable,
    impact,
    done,
    takesBack,
  })
}
