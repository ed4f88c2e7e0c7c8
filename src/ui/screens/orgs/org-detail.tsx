import type { OrgApiKey } from "../../../domain/api-key.ts"
import { DeckError } from "../../../domain/errors.ts"
import { nameOrId } from "../../../domain/name-or-id.ts"
import type { OrgDetail } from "../../../domain/org.ts"
import type { Run } from "../../../domain/run.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { isUuid } from "../../../domain/uuid.ts"
import { listOrgApiKeys } from "../../../services/api-keys.ts"
import { showOrg } from "../../../services/orgs.ts"
import { listRuns } from "../../../services/runs/runs.ts"
import { changeBinding } from "../../kit/change/record-change.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, given, userLink } from "../../kit/detail/detail-fields.ts"
import { reading, readingRows, tableSection } from "../../kit/detail/detail-section.ts"
import { dayCell, fullUserName, textCell } from "../../widgets/cells.ts"
import { dateTimeFromNow, grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { whoCell } from "../shared/account-cell.ts"
import { keyColumns } from "../shared/api-key-columns.ts"
import { creditsSection } from "../shared/credits.ts"
import { cancelOfOrg } from "../shared/run-changes.ts"
import { runColumns } from "../shared/run-columns.ts"
import { accountState } from "../shared/states.ts"
import { adjustKey } from "./adjust-credits.tsx"

const NEWEST = 10

/** There is no list of organizations, and names are not unique. Throws DeckError "invalid". */
function checkedId(text: string): string {
  const typed = text.trim()
  if (isUuid(typed)) return typed.toLowerCase()
  throw new DeckError("invalid", `"${typed}" is no id: search for one of its people on Users, whose screen leads to it`)
}

type Member = OrgDetail["members"][number]

/** Screen of one organization. */
export const orgScreen = defineDetail<{ org_id: string }, OrgDetail>({
  id: "org",
  title: "Organization",
  summary: "one organization: its owner, credits, members, API keys and runs",
  argument: {
    behind: "org",
    expects: "its id; a user or a run leads to theirs by Enter",
    choices: [],
    read: text => ({ org_id: checkedId(text) }),
  },
  source: reading(showOrg, params => params),
  name: org => [piece(show(nameOrId(org.name, org.org_id)), "strong"), piece(shown`  `), accountState(org.status)],
  fields: orgFields,
  bindings: [adjustKey, changeBinding(cancelOfOrg)],
  sections: [
    creditsSection(({ org_id }) => [org_id]),
    tableSection<OrgDetail, OrgApiKey>({
      heading: shown`API keys`,
      source: readingRows(listOrgApiKeys, ({ org_id }) => ({ org_id })),
      empty: shown`none`,
      rowKey: key => key.id,
      open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
      columns: [...keyColumns, { header: shown`OWNER`, width: "rest", least: 14, cell: whoCell }],
    }),
    tableSection<OrgDetail, Member>({
      heading: shown`Members, longest first`,
      source: org => org.members,
      empty: shown`No members.`,
      rowKey: member => member.user_id,
      open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
      columns: [
        { header: shown`LOGIN`, width: 20, roomy: 24, cell: member => textCell(member.login) },
        { header: shown`NAME`, width: 18, roomy: 28, dropAs: 1, cell: member => textCell(member.username) },
        { header: shown`ROLE`, width: 14, roomy: 20, cell: member => textCell(member.role) },
        { header: shown`STATUS`, width: 9, cell: member => accountState(member.status) },
        {
          header: shown`JOINED`,
          width: "rest",
          least: 10,
          dropAs: 2,
          cell: (member, room) => dayCell(member.joined_at, room),
        },
      ],
    }),
    tableSection<OrgDetail, Run>({
      heading: shown`Newest runs`,
      source: readingRows(listRuns, ({ org_id }) => ({ org_id, limit: NEWEST })),
      empty: shown`No runs yet.`,
      rowKey: run => run.run_id,
      open: ({ run_id }, shell) => shell.open("run", { run_id }),
      all: {
        label: shown`all runs of this organization`,
        open: ({ org_id }, shell) => shell.open("runsOf", { org_id }),
      },
      columns: runColumns,
    }),
  ],
})

function orgFields({ owner, ...org }: OrgDetail): Field[] {
  return [
    { label: shown`id`, value: show(org.org_id) },
    userLink(shown`owner`, owner?.user_id ?? null, owner && fullUserName(owner)),
    { label: shown`slug`, value: show(org.slug) },
    { label: shown`type`, value: show(org.type) },
    { label: shown`members`, value: grouped(org.member_count) },
    { label: shown`since`, value: dateTimeFromNow(org.created_at) },
    { label: shown`country`, value: given(org.country, show) },
    { label: shown`time zone`, value: given(org.timezone, show) },
  ]
}
