import type { OrgDetail } from "../../domain/org.ts"
import type { Run } from "../../domain/run.ts"
import { type Shown, show, shown } from "../../domain/safe-text.ts"
import { showOrg } from "../../services/orgs.ts"
import { listRuns } from "../../services/runs.ts"
import { defineDetail } from "../screen/detail/detail.tsx"
import type { Field } from "../screen/detail/detail-lines.ts"
import { reading, tableSection } from "../screen/detail/detail-section.ts"
import { grouped, when } from "../widgets/format.ts"
import { type Piece, piece } from "../widgets/line.tsx"
import type { Tone } from "../widgets/theme.ts"
import { runColumns } from "./runs/run-columns.ts"

const TONES: Readonly<Record<OrgDetail["status"], Tone>> = { active: "good", suspended: "look", deleted: "dim" }
const NEWEST = 10

type Member = OrgDetail["members"][number]

/** One organization: whose it is, who is in it, and what it runs. */
export const orgScreen = defineDetail<{ org_id: string }, OrgDetail>({
  id: "org",
  title: "Organization",
  summary: "one organization: whose it is, who is in it, and what it runs",
  source: reading(
    showOrg,
    params => params,
    org => org,
  ),
  name: org => [piece(show(org.name), "strong"), piece(shown`  `), piece(show(org.status), TONES[org.status])],
  fields: orgFields,
  sections: [
    tableSection<OrgDetail, Member>({
      heading: shown`Members, the first to join`,
      source: org => org.members,
      empty: shown`Nobody is in it.`,
      rowKey: member => member.user_id,
      open: ({ user_id }, shell) => shell.open("user", { id: user_id }),
      columns: [
        { header: shown`LOGIN`, width: 16, roomy: 24, cell: member => text(member.login) },
        { header: shown`NAME`, width: 18, roomy: 28, dropAs: 1, cell: member => text(member.username) },
        { header: shown`STATUS`, width: 9, cell: member => piece(show(member.status), TONES[member.status]) },
        {
          header: shown`JOINED`,
          width: 10,
          dropAs: 2,
          cell: member => piece(show(member.joined_at.slice(0, 10)), "dim"),
        },
        { header: shown`ROLE`, width: "rest", cell: member => text(member.role) },
      ],
    }),
    tableSection<OrgDetail, Run>({
      heading: shown`Newest runs`,
      source: reading(
        listRuns,
        ({ org_id }) => ({ org_id, limit: NEWEST }),
        page => page.data,
      ),
      empty: shown`Nothing was run here yet.`,
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

const text = (value: string | null): Piece => (value ? piece(show(value, 512)) : piece(shown`-`, "dim"))

function orgFields({ owner, ...org }: OrgDetail): Field[] {
  return [
    { label: shown`id`, value: show(org.org_id) },
    owner === null
      ? { label: shown`owner`, value: shown`` }
      : {
          label: shown`owner`,
          value: shown`${show(owner.login ?? owner.username)}  ${show(owner.user_id)}`,
          open: shell => shell.open("user", { id: owner.user_id }),
        },
    { label: shown`slug`, value: show(org.slug) },
    { label: shown`type`, value: show(org.type) },
    { label: shown`members`, value: grouped(org.member_count) },
    { label: shown`since`, value: when(org.created_at) },
    { label: shown`country`, value: orEmpty(org.country) },
    { label: shown`time zone`, value: orEmpty(org.timezone) },
  ]
}

const orEmpty = (value: string | null): Shown => show(value ?? "")
