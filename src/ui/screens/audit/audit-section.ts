import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { shown } from "../../../domain/safe-text.ts"
import { browseAudit } from "../../../services/audit-list.ts"
import { reading, tableSection } from "../../screen/detail/detail-section.ts"
import { auditColumns } from "./audit-columns.ts"

/** So many of the newest are shown; the rest is a screen of its own. */
const NEWEST = 5

/** What operators did to the thing that a screen shows. */
export const auditSection = tableSection<{ readonly id: string }, AuditEntry>({
  heading: shown`What operators did`,
  source: reading(
    browseAudit,
    ({ id }) => ({ target_id: id, limit: NEWEST }),
    answer => answer.data,
  ),
  empty: shown`nothing yet`,
  rowKey: entry => entry.id,
  open: (entry, shell) => shell.open("auditEntry", entry),
  all: { label: shown`all of it`, open: ({ id }, shell) => shell.open("auditOf", { target_id: id }) },
  columns: auditColumns.filter(({ header }) => header !== "TARGET"),
})
