import type { AuditEntry } from "../../domain/audit-entry.ts"
import type { Inspection } from "../live/tail-protocol.ts"
import type { Screen } from "../screen/screen.ts"
import type { Wanted } from "../screen/table/table-model.ts"

/** Where rows and fields of any screen lead, and what each place is opened for. By name, since they lead to one another. */
export interface Destinations {
  readonly entry: Inspection
  /** The live log with a filter to begin with. */
  readonly logOf: { readonly filter: string }
  readonly user: { readonly id: string }
  readonly org: { readonly org_id: string }
  readonly inviteCode: { readonly id: string }
  readonly redemptionCode: { readonly id: string }
  readonly codesOf: Wanted
  readonly run: { readonly run_id: string }
  readonly runsOf: Wanted
  readonly referralsOf: Wanted
  /** Whose tree, and who of those they invited is selected to begin with, unless there is a ring to be seen. */
  readonly referralTree: { readonly user_id: string; readonly at?: string }
  readonly auditOf: Wanted
  readonly auditEntry: AuditEntry
}

export type DestinationScreens = { readonly [Name in keyof Destinations]: Screen<Destinations[Name]> }
