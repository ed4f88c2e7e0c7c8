import { z } from "zod"
import { show, shown } from "../../domain/safe-text.ts"
import { defineBindings } from "../keys/binding.ts"
import { badge } from "../kit/badge.ts"
import { type FormModel, formBindings, formLines, useForm } from "../kit/form/form.tsx"
import { defineScreen } from "../kit/screen.ts"
import { type Shell, useShell } from "../kit/shell.ts"
import { Dialog, dialogInner } from "../widgets/dialog.tsx"
import { type Piece, piece } from "../widgets/line.tsx"
import { wrap } from "../widgets/wrap.ts"

interface UnlockModel extends FormModel {
  readonly guard: Shell["guard"]
  submit(): void
  close(): void
}

/** Asks for the environment's name before anything can be changed there. */
export const unlockScreen = defineScreen<void, UnlockModel>({
  id: "unlock",
  title: "Unlock",
  summary: "allow changes until the console is left",
  overlay: true,
  bindings: defineBindings<UnlockModel>([
    { keys: ["enter"], label: "unlock", footer: true, inField: true, run: model => model.submit() },
    { keys: ["esc"], label: "close", footer: true, inField: true, run: model => model.close() },
    ...formBindings,
  ]),
  useModel: () => {
    const { guard, back, say } = useShell()
    const { name: environment } = guard
    const typed = z.object({
      name: z.literal(environment, `type ${environment} to unlock it`).meta({ label: "its name" }),
    })
    const { model } = useForm(typed, () => {
      back()
      guard.unlock()
      say(shown`changes are possible now, until you leave opsdeck or press ^X again`, "look")
    })
    return { ...model, guard, close: back }
  },
  Body: ({ model: { form, guard }, size }) => {
    const columns = Math.min(size.columns - 4, 72)
    const inner = dialogInner(columns)
    const told = shown`It is read-only. Type ${show(guard.name)} to allow changes until you leave opsdeck.`
    const lines = [...wrap(told, inner).map((line): Piece[] => [piece(line)]), [], ...formLines(form, inner)]
    return <Dialog title={[piece(shown`Unlock `, "strong"), badge(guard, inner - 7)]} lines={lines} columns={columns} />
  },
})
