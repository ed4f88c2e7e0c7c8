import { z } from "zod"
import { show, shown } from "../../domain/safe-text.ts"
import { badge } from "../kit/badge.ts"
import { closing, defineDialog } from "../kit/dialog/define-dialog.tsx"
import { formLines } from "../kit/form/form-lines.ts"
import { formBindings, useForm } from "../kit/form/form-model.ts"
import { useShell } from "../kit/shell.ts"
import { piece } from "../widgets/line.tsx"
import { paragraph } from "../widgets/wrap.ts"

/** Dialog that asks for the environment's name before it allows changes there. */
export const unlockScreen = defineDialog({
  id: "unlock",
  title: "Unlock",
  summary: "allow changes until the console is left",
  columns: 72,
  bindings: [
    { keys: ["enter"], label: "unlock", footer: true, inField: true, run: model => model.submit() },
    closing(),
    ...formBindings,
  ],
  useModel: () => {
    const { guard, back, say } = useShell()
    const { name: environment } = guard
    const typed = z.object({
      name: z.literal(environment, `type ${environment} to unlock it`).meta({ label: "its name" }),
    })
    const { model } = useForm(typed, () => {
      back()
      // PostgreSQL may have become a replica meanwhile.
      if (guard.staysReadOnly !== undefined) return say(show(guard.staysReadOnly), "look")
      guard.unlock()
      say(shown`changes are possible now, until you leave opsdeck or press ^X again`, "look")
    })
    return { ...model, guard }
  },
  heading: ({ guard }, { columns }) => [piece(shown`Unlock `, "strong"), badge(guard, columns - 7)],
  lines: ({ form, guard }, { columns }) => [
    ...paragraph(shown`It is read-only. Type ${show(guard.name)} to allow changes until you leave opsdeck.`, columns),
    [],
    ...formLines(form, columns),
  ],
})
