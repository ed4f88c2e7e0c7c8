import type { z } from "zod"
import type { DeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import type { Shell } from "../shell.ts"
import { conflictScreen, type Spell } from "./conflict.tsx"
import type { Resolution } from "./conflict-state.ts"

interface Refused {
  readonly type: "refused"
  /** What is wrong with each field. */
  readonly errors: ReadonlyMap<string, string>
  /** What was given as the reason of the change. */
  readonly reason: string
}

interface Edited {
  readonly shell: Shell
  /** What is edited, by its name, and the target of its audit rows. */
  readonly title: string
  readonly target: string
  /** The change's input, and which fields of it there are to type in. */
  readonly input: z.ZodObject
  readonly fields: readonly string[]
  readonly spell?: Spell
  readonly dispatch: (action: Refused | Resolution) => void
}

/**
 * What a form does about a refusal once the dialog is closed: what others saved meanwhile is looked at, and what is wrong
 * with a field stands there. Undefined where neither helps.
 */
export const takesBackTo =
  ({ shell, title, target, input, fields, spell, dispatch }: Edited) =>
  ({ conflicts, field = "", message }: DeckError, reason: string): (() => void) | undefined => {
    if (conflicts.length > 0) {
      return () => {
        dispatch({ type: "refused", errors: new Map(), reason })
        shell.push(conflictScreen, { title, target, input, conflicts, spell, resolve: dispatch })
      }
    }
    if (!fields.includes(field)) return undefined
    return () => {
      dispatch({ type: "refused", errors: new Map([[field, message]]), reason })
      sayNotSaved(shell, input, field, message)
    }
  }

/** In the line above the keys: the field may be out of sight. */
export const sayNotSaved = (shell: Shell, input: z.ZodObject, field: string, mistake: string): void =>
  shell.say(shown`not saved: ${show(`${labelOf(input, field)} ${mistake}`)}`, "act")
