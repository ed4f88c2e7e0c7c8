import { type InviteCodeRow, isUsedUp, type Referred, usedText } from "../../../domain/invite-code.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { updateInviteCode } from "../../../services/invite-codes/invite-changes.ts"
import { showInviteCode } from "../../../services/invite-codes/invite-codes.ts"
import { listJoiners } from "../../../services/invite-codes/joiners.ts"
import { defineBindings } from "../../keys/binding.ts"
import { defineDetail, type Opened } from "../../kit/detail/detail.tsx"
import { type Field, given, link } from "../../kit/detail/detail-fields.ts"
import { reading, tableSection } from "../../kit/detail/detail-section.ts"
import { type EditParams, editScreen } from "../../kit/form/edit.tsx"
import { bothNames } from "../../widgets/cells.ts"
import { when } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { auditSection } from "../shared/audit-section.ts"
import { inviteState, ownerOf } from "../shared/invite-columns.ts"
import { referredColumns } from "../shared/referred-columns.ts"
import { personState } from "../shared/states.ts"
import { switchKeys } from "../shared/switch-keys.ts"
import { usesBar, usesText } from "../shared/uses.ts"

/** So many of those who came in are listed: as many as can be asked for at once. */
const LISTED = 200
const BAR = 20

function inviteFields(code: InviteCodeRow): Field[] {
  const owner = ownerOf(code)
  const [status, tone] = personState(owner.status)
  const uses =
    code.max_uses === 0 ? shown`${usesText(code)}, no limit` : shown`${usesText(code)}  ${usesBar(code, BAR)}`
  return [
    link(shown`owner`, owner.user_id, bothNames(owner), (id, shell) => shell.open("user", { id })),
    { label: shown`e-mail`, value: given(code.user_email, show) },
    { label: shown`owner is`, value: status, tone },
    { label: shown`uses`, value: uses, tone: isUsedUp(code) ? "look" : "plain" },
    { label: shown`created`, value: when(code.created_at) },
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

/** One invite code: whose it is, who came in through it, and what can be done about it. */
export const inviteScreen = defineDetail<{ id: string }, InviteCodeRow>({
  id: "invite",
  title: "Invite code",
  summary: "one invite code: whose it is, and who came in through it",
  source: reading(
    showInviteCode,
    ({ id }) => ({ id }),
    answer => answer,
  ),
  command: { operation: showInviteCode, given: ({ id }) => ({ id }) },
  name: code => [piece(show(code.code), "strong"), piece(shown`  `), inviteState(code)],
  fields: inviteFields,
  sections: [
    tableSection<InviteCodeRow, Referred>({
      heading: shown`Who came in through it, newest first`,
      source: reading(
        listJoiners,
        ({ id }) => ({ id, limit: LISTED }),
        answer => answer.data,
      ),
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
  bindings: defineBindings<Opened<InviteCodeRow>>([
    ...switchKeys<InviteCodeRow>(updateInviteCode, "nobody comes in with it any more"),
    {
      keys: ["e"],
      label: "edit",
      changes: true,
      footer: true,
      help: "how often it can be used, and whether it is on",
      run: ({ subject, shell }) => shell.push(editScreen, editOf(subject)),
    },
    {
      keys: ["t"],
      label: "tree",
      footer: true,
      help: "whom the owner invited, and who invited them",
      run: ({ subject, shell }) => shell.open("referralTree", { user_id: subject.user_id }),
    },
  ]),
})
