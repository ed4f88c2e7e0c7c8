import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { listAudit } from "../../../services/audit-log.ts"
import type { Table } from "../../kit/table/table-model.ts"
import { defineNarrowedTable, defineTable } from "../../kit/table/table-screen.tsx"
import { actorName, auditColumns, targetName } from "../shared/audit-columns.ts"
import { auditEntryScreen } from "./audit-entry-detail.tsx"
import { auditValuesScreen } from "./audit-values.tsx"

const trail: Table<typeof listAudit.input, AuditEntry> = {
  id: "audit",
  title: "Audit",
  tabKey: "0",
  summary: listAudit.summary,
  inside: [auditEntryScreen, auditValuesScreen],
  operation: listAudit,
  noun: ["audit row", "audit rows"],
  rowId: entry => entry.id,
  open: (entry, shell) => shell.open("auditEntry", entry),
  narrowings: [
    { field: "action", label: "action", value: entry => entry.action, name: entry => entry.action },
    { field: "actor_user_id", label: "actor", value: entry => entry.actor_user_id, name: actorName },
    { field: "target_id", label: "target", value: entry => entry.target_id, name: targetName },
  ],
  columns: auditColumns,
}

/** List of the audit trail. */
export const auditScreen = defineTable(trail)

/** List of the audit rows of one actor, target or action. */
export const auditOfScreen = defineNarrowedTable(trail)
