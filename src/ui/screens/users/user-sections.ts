import type { UserApiKey } from "../../../domain/api-key.ts"
import type { OwnInviteCode, Referred } from "../../../domain/invite-code.ts"
import type { Run } from "../../../domain/run.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import type { SeenUser, UserDetail } from "../../../domain/user.ts"
import { readLog } from "../../../services/access-log.ts"
import { listUserApiKeys } from "../../../services/api-keys.ts"
import { listRuns } from "../../../services/runs/runs.ts"
import { listUserInviteCodes, listUserReferrals } from "../../../services/users/user-lists.ts"
import { readingOf, readingRows, type Section, tableSection } from "../../kit/detail/detail-section.ts"
import type { Shell } from "../../kit/shell.ts"
import { textCell, timeCell } from "../../widgets/cells.ts"
import { piece } from "../../widgets/line.tsx"
import { keyColumns } from "../shared/api-key-columns.ts"
import { auditSection } from "../shared/audit-section.ts"
import { creditsSection } from "../shared/credits.ts"
import { ownInviteColumns } from "../shared/invite-columns.ts"
import { type LogRow, logColumns } from "../shared/log-columns.ts"
import { orgCell } from "../shared/org-cell.ts"
import { referredColumns } from "../shared/referred-columns.ts"
import { runColumns } from "../shared/run-columns.ts"
import { accountState } from "../shared/states.ts"
import { requestsByDay } from "./user-requests.ts"

/** Rows of a section; the rest is on its own screen. */
const NEWEST = 5

const filterFor = ({ id }: { id: string }) => `user:${id}`

/** Opens the live log of the user's requests. */
export const openLogOf = (user: UserDetail, shell: Shell) => shell.open("logOf", { filter: filterFor(user) })

/** Opens the user's referral tree. */
export const openTreeOf = ({ id }: UserDetail, shell: Shell) => shell.open("referralTree", { user_id: id })

const organizations = tableSection<SeenUser, SeenUser["orgs"][number]>({
  heading: shown`Organizations`,
  source: user => user.orgs,
  empty: shown`none`,
  rowKey: org => org.org_id,
  open: ({ org_id }, shell) => shell.open("org", { org_id }),
  columns: [
    { header: shown``, width: 20, roomy: 30, cell: org => orgCell(org.name, org.org_id) },
    { header: shown``, width: 16, roomy: 24, cell: org => textCell(org.role) },
    { header: shown``, width: 9, cell: org => (org.status === "active" ? piece(shown``) : accountState(org.status)) },
    { header: shown``, width: "rest", cell: (org, room) => timeCell(org.joined_at, room) },
  ],
})

const apiKeys = tableSection<UserDetail, UserApiKey>({
  heading: shown`API keys`,
  source: readingRows(listUserApiKeys, ({ id }) => ({ id })),
  empty: shown`none`,
  rowKey: key => key.id,
  columns: [
    ...keyColumns,
    { header: shown`ORGANIZATION`, width: 16, roomy: 24, dropAs: 2, cell: key => textCell(key.org_name) },
    { header: shown`SCOPES`, width: "rest", cell: key => textCell(key.scopes.join(" ")) },
  ],
})

const inviteCodes = tableSection<UserDetail, OwnInviteCode>({
  heading: shown`Invite codes`,
  source: readingRows(listUserInviteCodes, ({ id }) => ({ id })),
  empty: shown`none`,
  rowKey: code => code.id,
  open: ({ id }, shell) => shell.open("inviteCode", { id }),
  columns: ownInviteColumns,
})

type Referral = Referred & { readonly side: Shown }

const referrals = tableSection<UserDetail, Referral>({
  heading: shown`Referrals`,
  source: readingOf(
    listUserReferrals,
    ({ id }) => ({ id }),
    ({ invited_by, data }) => [
      ...(invited_by ? [{ ...invited_by, side: shown`invited by` }] : []),
      ...data.map(row => ({ ...row, side: shown`invited` })),
    ],
  ),
  empty: shown`not invited by anyone, and invited nobody`,
  rowKey: row => `${row.side} ${row.user_id}`,
  open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
  all: { label: shown`the tree of this user`, open: openTreeOf },
  columns: [{ header: shown``, width: 10, cell: row => piece(row.side, "dim") }, ...referredColumns],
})

const newestRuns = tableSection<UserDetail, Run>({
  heading: shown`Newest runs`,
  source: readingRows(listRuns, ({ id }) => ({ user_id: id, limit: NEWEST })),
  empty: shown`none`,
  rowKey: run => run.run_id,
  open: ({ run_id }, shell) => shell.open("run", { run_id }),
  all: { label: shown`all runs of this user`, open: ({ id }, shell) => shell.open("runsOf", { user_id: id }) },
  columns: runColumns,
})

const newestRequests = tableSection<UserDetail, LogRow>({
  heading: shown`Newest requests`,
  source: readingOf(
    readLog,
    user => ({ filter: filterFor(user), limit: NEWEST }),
    ({ data }) => data.map(entry => ({ entry, username: entry.username })),
  ),
  empty: shown`none left in the stream`,
  rowKey: ({ entry }) => entry.id,
  all: { label: shown`the live log of this user`, open: openLogOf },
  columns: logColumns.filter(({ header }) => header !== "USER"),
})

const credits = creditsSection<SeenUser>(({ orgs }) => orgs.map(({ org_id }) => org_id))

export const userSections: readonly Section<SeenUser>[] = [
  organizations,
  newestRuns,
  newestRequests,
  requestsByDay,
  apiKeys,
  inviteCodes,
  referrals,
  auditSection,
  credits,
]
