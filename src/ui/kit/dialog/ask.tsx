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
  readonly run: () => void
}

const NO_FIELDS: FormState = { fields: [], buttons: ["stay", "go"], focus: "stay" }

/** Question with two answers; the harmless one is the default. */
export const askScreen = defineDialog({
  id: "ask",
  title: "Question",
  summary: "confirm before something is lost",
  columns: 72,
  bindings: [
    { keys: ["enter"], label: "press", now: model => model.chosen, footer: true, run: model => model.press() },
    closing(),
    ...formBindings,
  ],
  useModel: ({ stay = "Stay", go = "Leave", ...params }: AskParams) => {
    const { back } = useShell()
    const [form, dispatch] = useReducer(formReducer, NO_FIELDS)
    const press = () => {
      back()
      if (form.focus === "go") params.run()
    }
    const chosen = (form.focus === "go" ? go : stay).toLowerCase()
    return { ...formModel(form, dispatch), ...params, stay, go, chosen, press }
  },
  heading: ({ title }) => show(title),
  lines: ({ text, stay, go, form }, { columns }) => [
    ...paragraph(show(text), columns),
    [],
    buttonPieces(form, { stay: [show(stay), true], go: [show(go), true] }, columns, piece(shown``)),
  ],
})
