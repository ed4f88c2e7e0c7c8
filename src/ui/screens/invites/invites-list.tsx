import type { InviteCodeRow } from "../../../domain/invite-code.ts"
import { updateInviteCode } from "../../../services/invite-codes/invite-changes.ts"
import { listInviteCodes } from "../../../services/invite-codes/invite-codes.ts"
import { defineTable } from "../../kit/table/table-screen.tsx"
import { calledBy } from "../../widgets/cells.ts"
import { inviteColumns, ownerOf } from "../shared/invite-columns.ts"
import { switchMarked } from "../shared/switch-keys.ts"

/** `K7QX2MPA (alice)`: a code says nothing of whom it hits. */
const nameOf = (code: InviteCodeRow) => `${code.code} (${calledBy(ownerOf(code)) ?? "unknown"})`

/** Invite codes, and whose they are. */
export const invitesScreen = defineTable({
  id: "invites",
  title: "Invites",
  tabKey: "5",
  summary: listInviteCodes.summary,
  operation: listInviteCodes,
  noun: ["invite code", "invite codes"],
  rowId: code => code.id,
  open: ({ id }, shell) => shell.open("inviteCode", { id }),
  filters: [],
  bulk: switchMarked({ change: updateInviteCode, name: nameOf }),
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
