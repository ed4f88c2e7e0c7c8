import { useReducer } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import { piece } from "../../widgets/line.tsx"
import { wrapped } from "../../widgets/wrap.ts"
import { buttonPieces, formBindings, formModel } from "../form/form.tsx"
import { type FormState, formReducer } from "../form/form-state.ts"
import { useShell } from "../shell.ts"
import { closing, defineDialog } from "./define-dialog.tsx"

interface AskParams {
  readonly title: string
  readonly text: string
  /** Label of the default button. */
  readonly stay: string
  readonly go: string
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
  useModel: (params: AskParams) => {
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
    ...wrapped(show(text), columns),
    [],
    buttonPieces(form, { stay: [show(stay), true], go: [show(go), true] }, columns, piece(shown``)),
  ],
})
