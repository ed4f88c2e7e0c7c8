import { updateInviteCode } from "../../../services/invite-codes/invite-changes.ts"
import { browseInviteCodes } from "../../../services/invite-codes/invite-codes.ts"
import { defineTable } from "../../screen/table/table-screen.tsx"
import { inviteColumns } from "./invite-columns.ts"

/** Invite codes, and whose they are. */
export const invitesScreen = defineTable({
  id: "invites",
  title: "Invites",
  digit: "5",
  summary: browseInviteCodes.summary,
  operation: browseInviteCodes,
  rowId: code => code.id,
  open: ({ id }, shell) => shell.open("inviteCode", { id }),
  filters: [],
  bulk: [
    {
      key: "A",
      label: "activate",
      verb: "Activate",
      things: ["invite code", "invite codes"],
      change: updateInviteCode,
      input: ({ id }) => ({ id, is_active: true }),
      name: ({ code }) => code,
    },
    {
      key: "X",
      label: "deactivate",
      verb: "Deactivate",
      things: ["invite code", "invite codes"],
      change: updateInviteCode,
      input: ({ id }) => ({ id, is_active: false }),
      name: ({ code }) => code,
    },
  ],
  bindings: [
    {
      keys: ["t"],
      label: "tree",
      footer: true,
      help: "whom the owner invited, and who invited them",
      possible: ({ selected }) => selected !== undefined,
      run: ({ selected, shell }) => selected && shell.open("referralTree", { user_id: selected.user_id }),
    },
  ],
  columns: inviteColumns,
})
