import { type InviteCodeRow, isUsedUp, type Referred, usedText } from "../../../domain/invite-code.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { updateInviteCode } from "../../../services/invite-codes/invite-changes.ts"
import { showInviteCode } from "../../../services/invite-codes/invite-codes.ts"
import { listJoiners } from "../../../services/invite-codes/joiners.ts"
import { changeBinding } from "../../kit/change/record-change.ts"
import type { Opened } from "../../kit/detail/declaration.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, given, userLink } from "../../kit/detail/detail-fields.ts"
import { reading, readingRows, tableSection } from "../../kit/detail/detail-section.ts"
import { type EditParams, editBinding } from "../../kit/form/edit.tsx"
import { fullUserName } from "../../widgets/cells.ts"
import { dateTimeFromNow } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { auditSection } from "../shared/audit-section.ts"
import { inviteState, ownerOf } from "../shared/invite-columns.ts"
import { referredColumns } from "../shared/referred-columns.ts"
import { personState } from "../shared/states.ts"
import { usesBar, usesText } from "../shared/uses.ts"
import { inviteSwitches, treeKey } from "./invite-keys.ts"

/** Most rows of a page. */
const LISTED = 200
const BAR = 20

function inviteFields(code: InviteCodeRow): Field[] {
  const owner = ownerOf(code)
  const [status, tone] = personState(owner.status)
  const uses =
    code.max_uses === 0 ? shown`${usesText(code)}, no limit` : shown`${usesText(code)}  ${usesBar(code, BAR)}`
  return [
    userLink(shown`owner`, owner.user_id, fullUserName(owner)),
    { label: shown`e-mail`, value: given(code.user_email, show) },
    { label: shown`owner is`, value: status, tone },
    { label: shown`uses`, value: uses, tone: isUsedUp(code) ? "look" : "plain" },
    { label: shown`created`, value: dateTimeFromNow(code.created_at) },
    { label: shown`id`, value: show(code.id) },
  ]
}

const editOf = (code: InviteCodeRow): EditParams => ({
  title: `invite code ${code.code}`,
  change: updateInviteCode,
  input: { id: code.id },
  fields: ["max_uses", "is_active"],
  seen: { max_uses: code.max_uses, is_active: code.is_active },
  notes: { max_uses: `0 means no limit; ${usedText(code)}` },
  warnings: ({ max_uses }) =>
    isUsedUp({ ...code, max_uses: Number(max_uses) })
      ? { max_uses: `at that limit it is used up: ${usedText(code)} already` }
      : {},
})

/** Screen of one invite code. */
export const inviteScreen = defineDetail<{ id: string }, InviteCodeRow>({
  id: "invite",
  title: "Invite code",
  summary: "one invite code: its owner, and who joined with it",
  source: reading(showInviteCode, ({ id }) => ({ id })),
  command: { operation: showInviteCode, given: ({ id }) => ({ id }) },
  name: code => [piece(show(code.code), "strong"), piece(shown`  `), inviteState(code)],
  fields: inviteFields,
  sections: [
    tableSection<InviteCodeRow, Referred>({
      heading: shown`Joined with it, newest first`,
      source: readingRows(listJoiners, ({ id }) => ({ id, limit: LISTED })),
      empty: shown`nobody`,
      rowKey: joiner => joiner.id,
      open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
      all: {
        label: shown`all of them, in the list of referrals`,
        open: ({ id }, shell) => shell.open("referralsOf", { invite_code_id: id }),
      },
      columns: referredColumns,
    }),
    auditSection,
  ],
  bindings: [
    ...inviteSwitches.map(changeBinding),
    editBinding("its limit of uses, and whether it is on", editOf),
    treeKey<Opened<InviteCodeRow>>(({ subject }) => subject),
  ],
})
