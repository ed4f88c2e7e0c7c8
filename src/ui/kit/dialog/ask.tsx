import { useReducer } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import { piece } from "../../widgets/line.tsx"
import { paragraph } from "../../widgets/wrap.ts"
import { buttonPieces } from "../form/form-lines.ts"
import { type FormModel, formBindings, formModel } from "../form/form-model.ts"
import { type FormState, formReducer } from "../form/form-state.ts"
import { useShell } from "../shell.ts"
import { closing, defineDialog } from "./define-dialog.tsx"

export interface AskParams {
  readonly title: string
  readonly text: string
  /** The answers: `Stay`, which is the default, and `Leave` where left out. */
  readonly stay?: string
  readonly go?: string
  readonly run: () => void
}

interface AskModel extends FormModel {
  readonly params: Required<AskParams>
  press(): void
}

/** What Enter does now. */
const answerOf = ({ params, form }: AskModel) => (form.focus === "go" ? params.go : params.stay).toLowerCase()

const NO_FIELDS: FormState = { fields: [], buttons: ["stay", "go"], focus: "stay" }

/** A question with two answers, the harmless one being the default. */
export const askScreen = defineDialog<AskParams, AskModel>({
  id: "ask",
  title: "Question",
  summary: "whether to go on",
  columns: 72,
  bindings: [
    { keys: ["enter"], label: "press", now: answerOf, footer: true, run: model => model.press() },
    closing(),
    ...formBindings,
  ],
  useModel: ({ stay = "Stay", go = "Leave", ...params }) => {
    const { back } = useShell()
    const [form, dispatch] = useReducer(formReducer, NO_FIELDS)
    const press = () => {
      back()
      if (form.focus === "go") params.run()
    }
    return { ...formModel(form, dispatch), params: { ...params, stay, go }, press }
  },
  heading: ({ params }) => show(params.title),
  lines: ({ params: { text, stay, go }, form }, { columns }) => [
    ...paragraph(show(text), columns),
    [],
    buttonPieces(form, { stay: [show(stay), true], go: [show(go), true] }, columns, piece(shown``)),
  ],
})
