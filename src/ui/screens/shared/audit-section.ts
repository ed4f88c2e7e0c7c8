import type { z } from "zod"
import type { AuditEntry, auditFilter } from "../../../domain/audit-entry.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listAudit } from "../../../services/audit-list.ts"
import { reading, tableSection } from "../../kit/detail/detail-section.ts"
import { auditColumns } from "./audit-columns.ts"

/** So many of the newest are shown; the rest is a screen of its own. */
const NEWEST = 5

/** What operators did that `narrowing` picks. */
const sectionOf = <Subject>(
  narrowing: (subject: Subject) => Pick<z.input<typeof auditFilter>, "action" | "target_id">,
) =>
  tableSection<Subject, AuditEntry>({
    heading: shown`What operators did`,
    source: reading(
      listAudit,
      subject => ({ ...narrowing(subject), limit: NEWEST }),
      answer => answer.data,
    ),
    empty: shown`nothing yet`,
    rowKey: entry => entry.id,
    open: (entry, shell) => shell.open("auditEntry", entry),
    all: { label: shown`all of it`, open: (subject, shell) => shell.open("auditOf", narrowing(subject)) },
    columns: auditColumns.filter(({ header }) => header !== "TARGET"),
  })

/** What operators did to the thing that a screen shows. */
export const auditSection = sectionOf<{ readonly id: string }>(({ id }) => ({ target_id: id }))

/** Who did `action`, when and why, whether opsdeck wrote that down or the platform itself. */
export const actionSection = <Subject>(action: string) => sectionOf<Subject>(() => ({ action }))
