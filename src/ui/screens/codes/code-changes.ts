import type { RedemptionCodeRow } from "../../../domain/redemption-code.ts"
import { updateRedemptionBatch, updateRedemptionCode } from "../../../services/redemption/redemption-changes.ts"
import type { Binding } from "../../keys/binding.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import type { Shell } from "../../kit/shell.ts"
import { switches } from "../shared/switches.ts"

export const codeSwitches = switches(updateRedemptionCode, "it can no longer be redeemed")

/** Returns the key that switches the whole batch of a code: off where the code is on, on where it is off. */
export const batchKey = <Model extends { readonly shell: Shell }>(
  codeOf: (model: Model) => RedemptionCodeRow | undefined,
): Binding<Model> => ({
  keys: ["B"],
  label: "batch off",
  changes: true,
  now: model => (codeOf(model)?.is_active === false ? "batch on" : "batch off"),
  footer: true,
  help: "switch all codes of its batch off, or on where this code is off",
  possible: model => {
    const code = codeOf(model)
    return code !== undefined && (code.batch_id !== null || "it belongs to no batch")
  },
  run: model => {
    const code = codeOf(model)
    if (code === undefined || code.batch_id === null) return
    const input = { batch_id: code.batch_id, is_active: !code.is_active }
    model.shell.push(changeDialog, { change: updateRedemptionBatch, input })
  },
})
