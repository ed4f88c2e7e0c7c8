import type { Dispatch } from "react"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import { defineBindings } from "../../keys/binding.ts"
import type { Shell } from "../../shell/shell-context.ts"
import type { Piece } from "../../widgets/line.tsx"
import { type FormModel, formBindings, formModel } from "../form/form.tsx"
import type { DialogLines } from "./action-lines.ts"
import { type ActionAction, type ActionState, CANCEL, DO, type Foreseen, impossible } from "./action-state.ts"
import type { Foresight } from "./foresight.ts"

/** What is between a dialog that changes something and its keys. */
export interface ActionModel extends FormModel {
  readonly title: Shown
  readonly lines: readonly (readonly Piece[])[]
  /** Why the chosen button cannot be pressed. */
  readonly refusal: string | undefined
  /** Why it cannot be closed now. */
  readonly stays: string | undefined
  /** Presses the chosen button; in a field it goes on to the next. */
  press(pressedAt: number): void
  leave(): void
  /** By so many pages. */
  scroll(by: number): void
}

/** The keys of every dialog that changes something. Nothing is done unless its button was gone to. */
export const actionBindings = defineBindings<ActionModel>([
  {
    keys: ["esc"],
    label: "close",
    footer: true,
    inField: true,
    help: "close it, and change nothing; what was filled in is lost at the second press only",
    possible: model => model.stays ?? true,
    run: model => model.leave(),
  },
  {
    keys: ["enter"],
    label: "press",
    footer: true,
    inField: true,
    help: "press the chosen button; in a field, go on to the next",
    possible: model => model.refusal ?? true,
    run: (model, pressedAt) => model.press(pressedAt),
  },
  ...formBindings,
  {
    keys: ["pagedown"],
    repeats: true,
    label: "further down",
    inField: true,
    run: model => model.scroll(1),
  },
  { keys: ["pageup"], repeats: true, label: "further up", inField: true, run: model => model.scroll(-1) },
])

interface Running {
  readonly state: ActionState
  readonly dispatch: Dispatch<ActionAction>
  readonly foresight: Foresight<Foreseen>
  readonly shell: Shell
  /** How what is told can be scrolled. */
  readonly scrolling: Pick<DialogLines, "page" | "lowest">
  /** Since when what happens can be read on the screen. */
  seenSince(): number | undefined
  /** Does it. */
  run(): void
}

const ignore = () => {}

/** What the keys do, whatever it is that is changed. */
export function actionKeys({
  state,
  dispatch,
  foresight,
  shell,
  scrolling,
  seenSince,
  run,
}: Running): Omit<ActionModel, "title" | "lines"> {
  const { form, touched, running } = state
  const refused = foresight.state === "refused"
  const inert = running || refused
  const leave = () => {
    if (!touched || refused || form.focus === CANCEL) return shell.back()
    dispatch({ type: "go", to: CANCEL })
    shell.say(shown`Esc once more closes it, and what you filled in is lost`, "look")
  }
  const act = (pressedAt: number) => {
    if (pressedAt > (seenSince() ?? Infinity)) run()
    else shell.say(shown`that was pressed before what happens was on the screen: read it, and press again`, "look")
  }
  return {
    ...formModel(form, inert ? ignore : dispatch),
    refusal: form.focus === DO && !refused ? impossible(state, foresight) : undefined,
    stays: running ? "it is under way, and cannot be taken back" : undefined,
    press: pressedAt => {
      if (refused || form.focus === CANCEL || (form.focus !== DO && !touched)) shell.back()
      else if (form.focus === DO) act(pressedAt)
      else dispatch({ type: "focus", by: 1 })
    },
    leave,
    scroll: by =>
      dispatch({ type: "scroll", to: Math.min(Math.max(0, state.top + by * scrolling.page), scrolling.lowest) }),
  }
}
