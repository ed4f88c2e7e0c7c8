import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { listAudit } from "../../../services/audit-log.ts"
import type { Field } from "../../kit/detail/detail-fields.ts"
import { defineJsonDetail } from "../../kit/json/json-detail.tsx"
import { dateTime } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { membersOf } from "../shared/members.ts"

const recorded = ({ before, after, metadata }: AuditEntry): [title: string, value: unknown][] => [
  ["before", before],
  ["after", after],
  ["recorded with it", metadata],
]

/** Whether an audit row has values within values, which rows of a table cannot show well. */
export const isNested = (entry: AuditEntry): boolean =>
  recorded(entry).some(([, all]) => membersOf(all).some(([, value]) => typeof value === "object" && value !== null))

/** Screen of the values of one audit row as JSON. */
export const auditValuesScreen = defineJsonDetail<AuditEntry, AuditEntry>({
  id: "audit-values",
  title: "Audit values",
  summary: "what an audit row recorded, as JSON that folds and is searched",
  source: entry => entry,
  command: { operation: listAudit },
  name: ({ action, ts }) => [piece(show(action), "strong"), piece(shown`  ${dateTime(ts)}`, "dim")],
  fields: ({ id }): Field[] => [{ label: shown`audit row`, value: show(id) }],
  parts: entry =>
    recorded(entry).flatMap(([title, value]) =>
      membersOf(value).length === 0 ? [] : [{ title, value, record: { [title]: value } }],
    ),
})
