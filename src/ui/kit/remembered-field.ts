import { useState } from "react"
import type { Binding } from "../keys/binding.ts"
import { type FieldText, fieldTarget } from "../keys/text-field.ts"
import type { HistoryName } from "../runtime/input-history.ts"
import { edited, type HistoryField, historyField, movedInHistory, typedIn } from "../widgets/field-history.ts"
import { useShell } from "./shell.ts"

/** Text field that remembers what was typed, also what was given up. */
export interface RememberedField {
  /** Undefined while nothing is typed. */
  readonly typing: HistoryField | undefined
  recall(by: 1 | -1): void
}

/**
 * Makes a field with the history `name`, closed unless `initial` is given. `changed` is called for every edit; of the history
 * what `fits` is recalled.
 */
export function useRememberedField(
  name: HistoryName,
  initial?: string,
  changed = () => {},
  fits: (text: string) => boolean = () => true,
) {
  const { inputHistory } = useShell()
  const begun = (text: string) => historyField(text, inputHistory.entries(name).filter(fits))
  const [typing, set] = useState(() => (initial === undefined ? undefined : begun(initial)))
  const edit = (change: (text: FieldText) => FieldText) => {
    changed()
    set(now => now && edited(now, change))
  }
  return {
    typing,
    text: typing && typedIn(typing),
    field: typing && fieldTarget(edit),
    edit,
    open: (text = "") => set(begun(text)),
    recall: (by: 1 | -1) => {
      changed()
      set(now => now && movedInHistory(now, by))
    },
    /** Closes the field; its text can be recalled. */
    close: () => {
      if (typing) inputHistory.add(name, typedIn(typing))
      set(undefined)
    },
  }
}

/** Returns the keys that recall what was typed before in the field `of` a model. */
export const recalling = <Model>(of: (model: Model) => RememberedField): readonly Binding<Model>[] => [
  {
    keys: ["up"],
    label: "older",
    help: "while typing: what was typed before it",
    footer: true,
    inField: true,
    possible: model => {
      const { typing } = of(model)
      return typing !== undefined && typing.at + 1 < typing.past.length
    },
    run: model => of(model).recall(1),
  },
  {
    keys: ["down"],
    label: "newer",
    help: "while typing: back to what was typed",
    inField: true,
    possible: model => (of(model).typing?.at ?? -1) >= 0,
    run: model => of(model).recall(-1),
  },
]

/** Keys that recall what was typed before. */
export const recallBindings = recalling((field: RememberedField) => field)
