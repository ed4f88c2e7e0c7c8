import { useReducer } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import { piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"
import { buttonPieces, type FormModel, formBindings, formModel } from "../form/form.tsx"
import { type FormState, formReducer } from "../form/form-state.ts"
import { useShell } from "../shell.ts"
import { closing, defineDialog } from "./define-dialog.tsx"

export interface AskParams {
  readonly title: string
  readonly text: string
  /** The default. */
  readonly stay: string
  readonly go: string
  readonly run: () => void
}

interface AskModel extends FormModel {
  readonly params: AskParams
  /** What Enter does now. */
  readonly chosen: string
  press(): void
}

const NO_FIELDS: FormState = { fields: [], buttons: ["stay", "go"], focus: "stay" }

/** A question with two answers, the harmless one being the default. */
export const askScreen = defineDialog<AskParams, AskModel>({
  id: "ask",
  title: "Question",
  summary: "whether to go on",
  columns: 72,
  bindings: [
    { keys: ["enter"], label: "press", now: model => model.chosen, footer: true, run: model => model.press() },
    closing(),
    ...formBindings,
  ],
  useModel: params => {
    const shell = useShell()
    const [form, dispatch] = useReducer(formReducer, NO_FIELDS)
    const press = () => {
      shell.back()
      if (form.focus === "go") params.run()
    }
    return {
      ...formModel(form, dispatch),
      params,
      chosen: (form.focus === "go" ? params.go : params.stay).toLowerCase(),
      press,
    }
  },
  heading: ({ params }) => show(params.title),
  lines: ({ params: { text, stay, go }, form }, { columns }) => [
    ...wrap(show(text), columns).map(line => [piece(line)]),
    [],
    buttonPieces(form, { stay: [show(stay), true], go: [show(go), true] }, columns, piece(shown``)),
  ],
})
