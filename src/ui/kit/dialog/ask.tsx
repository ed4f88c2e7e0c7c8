import { useReducer } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import { piece } from "../../widgets/line.tsx"
import { paragraph } from "../../widgets/wrap.ts"
import { buttonPieces } from "../form/form-lines.ts"
import { formBindings, formModel } from "../form/form-model.ts"
import { type FormState, formReducer } from "../form/form-state.ts"
import { useShell } from "../shell.ts"
import { closing, defineDialog } from "./define-dialog.tsx"

interface AskParams {
  readonly title: string
  readonly text: string
  /** Labels of the buttons: default `Stay`, which is chosen at first, and `Leave`. */
  readonly stay?: string
  readonly go?: string
  /** Loses nothing that cannot be undone: one letter answers. */
  readonly run: () => void
}

const NO_FIELDS: FormState = { fields: [], buttons: ["stay", "go"], focus: "stay" }

/**
 * Question with two answers, the only dialog that takes `y` and `n`; the harmless answer is the default. What changes
 * something on the platform is a change dialog.
 */
export const askScreen = defineDialog({
  id: "ask",
  title: "Question",
  summary: "confirm before something is lost",
  columns: 72,
  bindings: [
    { keys: ["y"], label: "yes", now: ({ go }) => go.toLowerCase(), footer: true, run: model => model.answer(true) },
    {
      keys: ["n"],
      label: "no",
      now: ({ stay }) => stay.toLowerCase(),
      footer: true,
      run: model => model.answer(false),
    },
    { keys: ["enter"], label: "press", now: model => model.chosen, footer: true, run: model => model.press() },
    closing(),
    ...formBindings,
  ],
  useModel: ({ stay = "Stay", go = "Leave", ...params }: AskParams) => {
    const { back } = useShell()
    const [form, dispatch] = useReducer(formReducer, NO_FIELDS)
    const answer = (yes: boolean) => {
      back()
      if (yes) params.run()
    }
    const press = () => answer(form.focus === "go")
    const chosen = (form.focus === "go" ? go : stay).toLowerCase()
    return { ...formModel(form, dispatch), ...params, stay, go, chosen, answer, press }
  },
  heading: ({ title }) => show(title),
  lines: ({ text, stay, go, form }, { columns }) => [
    ...paragraph(show(text), columns),
    [],
    buttonPieces(form, { stay: [show(stay), true], go: [show(go), true] }, columns, piece(shown``)),
  ],
})
