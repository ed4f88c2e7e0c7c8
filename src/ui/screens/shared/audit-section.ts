import type { z } from "zod"
import type { AuditEntry, auditFilter } from "../../../domain/audit-entry.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listAudit } from "../../../services/audit-log.ts"
import { readingRows, tableSection } from "../../kit/detail/detail-section.ts"
import { auditColumns } from "./audit-columns.ts"

/** Rows shown; the rest is on its own screen. */
const NEWEST = 5

/** Makes the section of the audit rows that `narrowing` selects. */
const sectionOf = <Subject>(
  narrowing: (subject: Subject) => Pick<z.input<typeof auditFilter>, "action" | "target_id">,
) =>
  tableSection<Subject, AuditEntry>({
    heading: shown`Changes by operators`,
    source: readingRows(listAudit, subject => ({ ...narrowing(subject), limit: NEWEST })),
    empty: shown`nothing yet`,
    rowKey: entry => entry.id,
    open: (entry, shell) => shell.open("auditEntry", entry),
    all: { label: shown`all changes`, open: (subject, shell) => shell.open("auditOf", narrowing(subject)) },
    columns: auditColumns.filter(({ header }) => header !== "TARGET"),
  })

/** Section of the audit rows about a record. */
export const auditSection = sectionOf<{ readonly id: string }>(({ id }) => ({ target_id: id }))

/** Makes the section of the audit rows of `action`, written by opsdeck or the platform. */
export const actionSection = <Subject>(action: string) => sectionOf<Subject>(() => ({ action }))
