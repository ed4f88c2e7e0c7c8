import type { InviteCodeRow } from "../../../domain/invite-code.ts"
import { updateInviteCode } from "../../../services/invite-codes/invite-changes.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Shell } from "../../kit/shell.ts"
import { switches } from "../shared/switches.ts"

export const inviteSwitches = switches(updateInviteCode, "nobody can join with it")

/** Returns the key that opens the referral tree of a code's owner. */
export const treeKey = <Model extends { readonly shell: Shell }>(
  codeOf: (model: Model) => InviteCodeRow | undefined,
): Binding<Model> => ({
  keys: ["r"],
  label: "tree",
  footer: true,
  help: "whom the owner invited, and who invited them",
  possible: model => codeOf(model) !== undefined,
  run: model => {
    const code = codeOf(model)
    if (code) model.shell.open("referralTree", { user_id: code.user_id })
  },
})
