import type { Redemption, RedemptionCodeDetail } from "../../../domain/redemption-code.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { listRedemptionCodes, showRedemptionCode } from "../../../services/redemption/redemption-codes.ts"
import { listRedemptions } from "../../../services/redemption/redemptions.ts"
import { changeBinding } from "../../kit/change/record-change.ts"
import type { Opened } from "../../kit/detail/declaration.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, link, userLink } from "../../kit/detail/detail-fields.ts"
import { reading, readingRows, tableSection } from "../../kit/detail/detail-section.ts"
import { fullUserName, TIME, timeCell } from "../../widgets/cells.ts"
import { dateTimeFromNow, grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { whoCell } from "../shared/account-cell.ts"
import { auditSection } from "../shared/audit-section.ts"
import { orgCell } from "../shared/org-cell.ts"
import { usesBar, usesText } from "../shared/uses.ts"
import { batchKey, codeSwitches } from "./code-changes.ts"
import { codeState } from "./code-columns.ts"

/** Most rows of a page. */
const LISTED = 200
const BAR = 20
/** Most bytes drawn of a type or value, so that the other fields stay visible. */
const LONGEST = 300

function codeFields(code: RedemptionCodeDetail): Field[] {
  const { created_by_login: login, created_by_username: username } = code
  return [
    { label: shown`type`, value: show(code.type, LONGEST) },
    { label: shown`value`, value: show(code.value, LONGEST) },
    { label: shown`uses`, value: shown`${usesText(code)}  ${usesBar(code, BAR)}` },
    { label: shown`expires`, value: code.expires_at === null ? shown`never` : dateTimeFromNow(code.expires_at) },
    link(shown`batch`, code.batch_id, null, (batch_id, shell) => shell.open("codesOf", { batch_id })),
    userLink(shown`created by`, code.created_by_user_id, fullUserName({ login, username })),
    { label: shown`created`, value: dateTimeFromNow(code.created_at) },
    { label: shown`id`, value: show(code.id) },
  ]
}

/** Screen of one redemption code. */
export const redemptionCodeScreen = defineDetail<{ id: string }, RedemptionCodeDetail>({
  id: "redemption-code",
  title: "Redemption code",
  summary: "one redemption code: what it is worth, and who redeemed it",
  source: reading(showRedemptionCode, ({ id }) => ({ id })),
  command: { operation: listRedemptionCodes },
  name: code => [piece(show(code.code), "strong"), piece(shown`  `), codeState(code.state)],
  fields: codeFields,
  sections: [
    tableSection<RedemptionCodeDetail, Redemption>({
      heading: shown`Redemptions, newest first (up to ${grouped(LISTED)})`,
      source: readingRows(listRedemptions, ({ id }) => ({ id, limit: LISTED })),
      empty: shown`nobody`,
      rowKey: redemption => redemption.id,
      open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
      columns: [
        { header: shown`REDEEMED`, ...TIME, cell: (row, room) => timeCell(row.redeemed_at, room) },
        { header: shown`USER`, width: 24, roomy: 36, cell: whoCell },
        {
          header: shown`ORGANIZATION`,
          width: "rest",
          cell: row => orgCell(row.org_name, row.org_id),
        },
      ],
    }),
    // Changes of a whole batch are audited under the batch.
    { ...auditSection, heading: shown`Changes by operators to this code alone` },
  ],
  bindings: [...codeSwitches.map(changeBinding), batchKey<Opened<RedemptionCodeDetail>>(({ subject }) => subject)],
})
