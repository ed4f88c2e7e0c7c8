import type { InviteCodeRow } from "../../../domain/invite-code.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listInviteCodes } from "../../../services/invite-codes/invite-codes.ts"
import type { TableModel } from "../../kit/table/table-model.ts"
import { defineTable } from "../../kit/table/table-screen.tsx"
import { shortUserName } from "../../widgets/cells.ts"
import { piece } from "../../widgets/line.tsx"
import { inviteColumns, ownerOf } from "../shared/invite-columns.ts"
import { registrationPiece, useRegistration } from "../shared/registration.ts"
import { inviteScreen } from "./invite-detail.tsx"
import { inviteSwitches, treeKey } from "./invite-keys.ts"

/** Least columns for the word before what it is. */
const WORDED_FROM = 100

/** Returns a code with its owner: `K7QX2MPA (alice)`. */
const nameOf = (code: InviteCodeRow) => `${code.code} (${shortUserName(ownerOf(code)) ?? "unknown"})`

/** List of invite codes. */
export const invitesScreen = defineTable({
  id: "invites",
  title: "Invites",
  shortTitle: "Inv",
  tabKey: "5",
  summary: listInviteCodes.summary,
  inside: [inviteScreen],
  operation: listInviteCodes,
  noun: ["invite code", "invite codes"],
  rowId: code => code.id,
  open: ({ id }, shell) => shell.open("inviteCode", { id }),
  bulk: { changes: inviteSwitches, name: nameOf },
  bindings: [
    treeKey<TableModel<InviteCodeRow>>(({ selected }) => selected),
    {
      keys: ["O"],
      label: "registration",
      changes: true,
      help: "whether an account can be made without an invite code, and to switch that",
      run: ({ shell }) => shell.open("registration", undefined),
    },
  ],
  columns: inviteColumns,
  useAside: columns => {
    const registration = useRegistration()
    if (registration === undefined) return []
    const head = columns < WORDED_FROM ? shown` · ` : shown` · registration `
    return [piece(head, "dim"), registrationPiece(registration)]
  },
})
