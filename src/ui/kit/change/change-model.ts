import type { Dispatch } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Piece } from "../../widgets/line.tsx"
import { titleOn } from "../badge.ts"
import { closing } from "../dialog/define-dialog.tsx"
import type { DialogLines } from "../dialog/dialog-lines.ts"
import { type FormModel, formBindings, formModel } from "../form/form-model.ts"
import type { FormState } from "../form/form-state.ts"
import { useShell } from "../shell.ts"
import { type ChangeView, changeLines, isLikeLeaving, wayOut } from "./change-lines.ts"
import { CANCEL, type ChangeAction, DO, impossible, withIdle } from "./change-state.ts"
import { useSeenSince } from "./preview-state.ts"

/** Model of a dialog that changes something. */
export interface ChangeModel extends FormModel {
  readonly title: readonly Piece[]
  readonly lines: DialogLines
  /** Reason why the focused button cannot be pressed. */
  readonly refusal: string | undefined
  /** Reason why the dialog cannot be closed now. */
  readonly stays: string | undefined
  /** Label of Enter now: `next`, `cancel`, `suspend`; undefined where it does nothing. */
  readonly enter: string | undefined
  /** Label of Esc now. */
  readonly escape: string
  /** Presses the focused button; in a field, goes on to the next. */
  press(pressedAt: number): void
  close(): void
}

/** Keys of every change dialog. Nothing is changed unless the operator moved to its button. */
export const changeBindings: readonly Binding<ChangeModel>[] = [
  {
    ...closing(),
    now: model => model.escape,
    help: "close without changes; what was filled in is lost at the second press only",
    possible: model => model.stays ?? true,
  },
  {
    keys: ["enter"],
    label: "press",
    now: model => model.enter,
    footer: true,
    inField: true,
    help: "next field; on a button, press it",
    possible: model => model.refusal ?? model.enter !== undefined,
    run: (model, pressedAt) => model.press(pressedAt),
  },
  ...formBindings,
]

interface Changing extends ChangeView {
  readonly title: string
  readonly dispatch: Dispatch<ChangeAction>
  run(): void
}

const ignore = () => {}

/** Form of a dialog in which nothing can be chosen but the way out. */
const NOTHING_TO_CHOOSE: FormState = { fields: [], buttons: [CANCEL], focus: CANCEL }

/** Makes the part of the model that all change dialogs share. */
export function useChange(changing: Changing): ChangeModel {
  const { title, dispatch, previewState, verb, columns, run, notes } = changing
  const state = withIdle(changing.state, notes)
  const shell = useShell()
  const seenSince = useSeenSince(previewState)
  const { touched, warned, running } = state
  const refused = previewState.state === "refused"
  const inert = running || refused
  const form = inert ? NOTHING_TO_CHOOSE : state.form
  const close = () => {
    if (!touched || refused || warned) return shell.back()
    dispatch({ type: "warn" })
    shell.say(shown`press again to discard what you filled in`, "look")
  }
  const atButton = (form.focus === DO ? verb : wayOut(verb, refused)).toLowerCase()
  const act = (pressedAt: number) => {
    if (pressedAt > seenSince()) run()
    else shell.say(shown`pressed before the effects were on the screen: read them, and press again`, "look")
  }
  const keys = formModel(form, inert ? ignore : dispatch)
  return {
    ...keys,
    title: titleOn(shell.guard, show(title), columns),
    lines: changeLines({ ...changing, state }),
    refusal: form.focus === DO ? impossible(state, previewState) : undefined,
    stays: running ? "in progress; it cannot be undone" : undefined,
    enter: running ? undefined : form.buttons.includes(form.focus) ? atButton : "next",
    escape: isLikeLeaving(verb) ? "back" : "close",
    press: pressedAt => {
      if (form.focus === CANCEL) close()
      else if (form.focus === DO) act(pressedAt)
      else keys.next(1)
    },
    close,
  }
}
