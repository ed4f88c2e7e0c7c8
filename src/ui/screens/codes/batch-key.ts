import type { RedemptionCodeRow } from "../../../domain/redemption-code.ts"
import { updateRedemptionBatch } from "../../../services/redemption/redemption-changes.ts"
import type { Binding } from "../../keys/binding.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import type { Shell } from "../../kit/shell.ts"

/** The key that turns the whole batch of a code the other way than the code is: off what is on, and on what is off. */
export const batchKey = <Model extends { readonly shell: Shell }>(
  codeOf: (model: Model) => RedemptionCodeRow | undefined,
): Binding<Model> => ({
  keys: ["B"],
  label: "batch off",
  changes: true,
  now: model => (codeOf(model)?.is_active === false ? "batch on" : "batch off"),
  footer: true,
  help: "switch all codes of its batch off; of a code that is off, on",
  possible: model => {
    const code = codeOf(model)
    return code !== undefined && (code.batch_id !== null || "it is of no batch")
  },
  run: model => {
    const code = codeOf(model)
    if (code === undefined || code.batch_id === null) return
    const input = { batch_id: code.batch_id, is_active: !code.is_active }
    model.shell.push(changeDialog, { change: updateRedemptionBatch, input })
  },
})
