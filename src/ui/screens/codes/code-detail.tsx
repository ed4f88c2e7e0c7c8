import type { Redemption, RedemptionCodeDetail } from "../../../domain/redemption-code.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { updateRedemptionCode } from "../../../services/redemption/redemption-changes.ts"
import { listRedemptionCodes, showRedemptionCode } from "../../../services/redemption/redemption-codes.ts"
import { listRedemptions } from "../../../services/redemption/redemptions.ts"
import { defineBindings } from "../../keys/binding.ts"
import { defineDetail, type Opened } from "../../kit/detail/detail.tsx"
import { type Field, link } from "../../kit/detail/detail-fields.ts"
import { reading, tableSection } from "../../kit/detail/detail-section.ts"
import { fullUserName, TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { dateTime, grouped, shortIds } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { whoCell } from "../shared/account-cell.ts"
import { auditSection } from "../shared/audit-section.ts"
import { switchKeys } from "../shared/switch-keys.ts"
import { usesBar, usesText } from "../shared/uses.ts"
import { batchKey } from "./batch-key.ts"
import { codeState } from "./code-columns.ts"

/** So many redemptions are listed: as many as can be asked for at once. */
const LISTED = 200
const BAR = 20
/** Bytes of a type and a value that are drawn: what else there is to a code stays in sight. */
const LONGEST = 300

function codeFields(code: RedemptionCodeDetail): Field[] {
  const { created_by_login: login, created_by_username: username } = code
  return [
    { label: shown`type`, value: show(code.type, LONGEST) },
    { label: shown`value`, value: show(code.value, LONGEST) },
    { label: shown`uses`, value: shown`${usesText(code)}  ${usesBar(code, BAR)}` },
    { label: shown`expires`, value: code.expires_at === null ? shown`never` : dateTime(code.expires_at) },
    link(shown`batch`, code.batch_id, null, (batch_id, shell) => shell.open("codesOf", { batch_id })),
    link(shown`made by`, code.created_by_user_id, fullUserName({ login, username }), (id, shell) =>
      shell.open("user", { id }),
    ),
    { label: shown`created`, value: dateTime(code.created_at) },
    { label: shown`id`, value: show(code.id) },
  ]
}

/** One redemption code: what it is worth, who redeemed it, and what can be done about it. */
export const redemptionCodeScreen = defineDetail<{ id: string }, RedemptionCodeDetail>({
  id: "redemption-code",
  title: "Redemption code",
  summary: "one redemption code: what it is worth, and who redeemed it",
  source: reading(
    showRedemptionCode,
    ({ id }) => ({ id }),
    answer => answer,
  ),
  command: { operation: listRedemptionCodes },
  name: code => [piece(show(code.code), "strong"), piece(shown`  `), codeState(code.state)],
  fields: codeFields,
  sections: [
    tableSection<RedemptionCodeDetail, Redemption>({
      heading: shown`Who redeemed it, newest first, ${grouped(LISTED)} at the most`,
      source: reading(
        listRedemptions,
        ({ id }) => ({ id, limit: LISTED }),
        answer => answer.data,
      ),
      empty: shown`nobody`,
      rowKey: redemption => redemption.id,
      open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
      columns: [
        { header: shown`REDEEMED`, ...TIME, cell: (row, room) => timeCell(row.redeemed_at, room) },
        {
          header: shown`USER`,
          width: 24,
          roomy: 36,
          cell: whoCell,
        },
        {
          header: shown`ORGANIZATION`,
          width: "rest",
          cell: row => (row.org_name ? textCell(row.org_name) : textCell(shortIds(row.org_id), "dim")),
        },
      ],
    }),
    // What was done to a whole batch is written down of the batch.
    { ...auditSection, heading: shown`What operators did to it alone` },
  ],
  bindings: defineBindings<Opened<RedemptionCodeDetail>>([
    ...switchKeys<RedemptionCodeDetail>(updateRedemptionCode, "nobody can redeem it any more"),
    batchKey<Opened<RedemptionCodeDetail>>(({ subject }) => subject),
  ]),
})
