import type { Term } from "../../domain/access-log-filter.ts"
import type { AuditEntry } from "../../domain/audit-entry.ts"
import type { Inspection } from "../../tail/protocol.ts"
import type { Screen } from "./screen.ts"

/** What a list is asked for: the operation's input but for limit and cursor, so its search as `q` and its filters. */
export type ListQuery = Readonly<Record<string, string | undefined>>

/** What becomes of a term that is chosen for the filter of a log. */
export interface Pivoting {
  /** What kind of term was chosen last: the next choice begins there. */
  readonly last: { current: string | undefined }
  take(term: Term): void
}

/** Where rows and fields of any screen lead, and what each place is opened for. By name, since they lead to one another. */
export interface Destinations {
  readonly entry: Inspection & { readonly pivoting: Pivoting }
  /** The log with a filter to begin with: live, or at the entry of an id. */
  readonly logOf: { readonly filter: string; readonly stayAt?: string }
  /** The gateway's settings with this risk (0 to 1) proposed as the threshold; nothing is saved. */
  readonly threshold: { readonly threshold: number }
  readonly user: { readonly id: string }
  readonly org: { readonly org_id: string }
  readonly inviteCode: { readonly id: string }
  readonly redemptionCode: { readonly id: string }
  readonly codesOf: ListQuery
  readonly run: { readonly run_id: string }
  readonly runsOf: ListQuery
  readonly referralsOf: ListQuery
  /** Whose tree, and who of those they invited is selected to begin with, unless there is a ring to be seen. */
  readonly referralTree: { readonly user_id: string; readonly at?: string }
  readonly auditOf: ListQuery
  readonly auditEntry: AuditEntry
}

export type DestinationScreens = { readonly [Name in keyof Destinations]: Screen<Destinations[Name]> }
