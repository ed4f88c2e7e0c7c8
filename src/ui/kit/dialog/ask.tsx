import { useReducer } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import { defineBindings } from "../../keys/binding.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"
import { buttonPieces, type FormModel, formBindings, formModel } from "../form/form.tsx"
import { type FormState, formReducer } from "../form/form-state.ts"
import { defineScreen } from "../screen.ts"
import { useShell } from "../shell.ts"

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
  close(): void
}

const NO_FIELDS: FormState = { fields: [], buttons: ["stay", "go"], focus: "stay" }

/** A question with two answers, the harmless one being the default. */
export const askScreen = defineScreen<AskParams, AskModel>({
  id: "ask",
  title: "Question",
  summary: "whether to go on",
  overlay: true,
  bindings: defineBindings<AskModel>([
    { keys: ["enter"], label: "press", now: model => model.chosen, footer: true, run: model => model.press() },
    { keys: ["esc"], label: "close", footer: true, run: model => model.close() },
    ...formBindings,
  ]),
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
      close: shell.back,
    }
  },
  Body: ({ model: { params, form }, size }) => {
    const columns = Math.min(size.columns - 4, 72)
    const inner = dialogInner(columns)
    const labels = { stay: [show(params.stay), true], go: [show(params.go), true] } as const
    const lines = [
      ...wrap(show(params.text), inner).map(text => [piece(text)]),
      [],
      buttonPieces(form, labels, inner, piece(shown``)),
    ]
    return <Dialog title={show(params.title)} lines={lines} columns={columns} />
  },
})
