import type { Dispatch } from "react"
import { shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Piece } from "../../widgets/line.tsx"
import { closing } from "../dialog/define-dialog.tsx"
import type { DialogLines } from "../dialog/dialog-lines.ts"
import { type FormModel, formBindings, formModel } from "../form/form-model.ts"
import type { FormState } from "../form/form-state.ts"
import type { Shell } from "../shell.ts"
import { CANCEL, type ChangeAction, type ChangeState, DO, impossible, type PreviewConditions } from "./change-state.ts"
import type { PreviewState } from "./preview-state.ts"

/** Model of a dialog that changes something. */
export interface ChangeModel extends FormModel {
  readonly title: readonly Piece[]
  readonly lines: DialogLines
  /** Why the chosen button cannot be pressed. */
  readonly refusal: string | undefined
  /** Why it cannot be closed now. */
  readonly stays: string | undefined
  /** What Enter does now: `next`, `cancel`, `suspend`; nothing where it has no meaning. */
  readonly enter: string | undefined
  /** What Esc does now. */
  readonly escape: string
  /** Presses the chosen button; in a field it goes on to the next. */
  press(pressedAt: number): void
  close(): void
}

/** The keys of every dialog that changes something. Nothing is done unless its button was gone to. */
export const changeBindings: readonly Binding<ChangeModel>[] = [
  {
    ...closing(),
    now: model => model.escape,
    help: "close it, and change nothing; what was filled in is lost at the second press only",
    possible: model => model.stays ?? true,
  },
  {
    keys: ["enter"],
    label: "press",
    now: model => model.enter,
    footer: true,
    inField: true,
    help: "in a field, go on to the next; then press the chosen button",
    possible: model => model.refusal ?? model.enter !== undefined,
    run: (model, pressedAt) => model.press(pressedAt),
  },
  ...formBindings,
]

interface Running {
  readonly state: ChangeState
  readonly dispatch: Dispatch<ChangeAction>
  readonly previewState: PreviewState<PreviewConditions>
  readonly shell: Shell
  /** What is done, on the button. */
  readonly verb: string
  /** Since when what happens can be read on the screen. */
  seenSince(): number | undefined
  /** Does it. */
  run(): void
}

const ignore = () => {}

/** Where nothing can be filled in, nor chosen, there is only the way out. */
const NOTHING_TO_CHOOSE: FormState = { fields: [], buttons: [CANCEL], focus: CANCEL }

/** What the keys do, whatever it is that is changed. */
export function changeKeys({
  state,
  dispatch,
  previewState,
  shell,
  verb,
  seenSince,
  run,
}: Running): Omit<ChangeModel, "title" | "lines"> {
  const { touched, warned, running } = state
  const refused = previewState.state === "refused"
  const inert = running || refused
  const form = inert ? NOTHING_TO_CHOOSE : state.form
  const close = () => {
    if (!touched || refused || warned) return shell.back()
    dispatch({ type: "warn" })
    shell.say(shown`once more closes it, and what you filled in is lost`, "look")
  }
  const atButton = form.focus === DO ? verb.toLowerCase() : refused ? "close" : "cancel"
  const act = (pressedAt: number) => {
    if (pressedAt > (seenSince() ?? Infinity)) run()
    else shell.say(shown`that was pressed before what happens was on the screen: read it, and press again`, "look")
  }
  const keys = formModel(form, inert ? ignore : dispatch)
  return {
    ...keys,
    refusal: form.focus === DO ? impossible(state, previewState) : undefined,
    stays: running ? "it is under way, and cannot be taken back" : undefined,
    enter: running ? undefined : form.buttons.includes(form.focus) ? atButton : "next",
    escape: "close",
    press: pressedAt => {
      if (form.focus === CANCEL) close()
      else if (form.focus === DO) act(pressedAt)
      else keys.next(1)
    },
    close,
  }
}
