import type { z } from "zod"
import type { Term } from "../../domain/access-log-filter.ts"
import type { AuditEntry } from "../../domain/audit-entry.ts"
import type { ComparedOutcome } from "../../domain/log-counts/what-changed.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import type { Change } from "../../services/operation.ts"
import type { ContentRight } from "../../services/runs/run-content.ts"
import type { Inspection } from "../../tail/protocol.ts"
import type { Screen } from "./screen.ts"

/** Input of a list's operation except limit and cursor: its search as `q`, and its filters. */
export type ListQuery = Readonly<Record<string, string | undefined>>

/** Handling of a term that is chosen for the filter of a log. */
export interface Pivoting {
  /** Field that was chosen last, the default of the next choice. */
  readonly last: { current: string | undefined }
  take(term: Term): void
}

/** Parameters of the screens that rows and fields lead to, by name: screens do not import each other. */
export interface Destinations {
  readonly entry: Inspection & { readonly pivoting: Pivoting }
  /** Log with an initial filter: live, or at the entry of an id. */
  readonly logOf: { readonly filter: string; readonly stayAt?: string }
  /** What changed in a window of the log, against another one or by default the time before; without `of` what changed most gravely. */
  readonly changes: {
    readonly filter: string
    readonly window: TimeWindow
    readonly against?: TimeWindow
    readonly of?: ComparedOutcome
  }
  /** Gateway settings with this risk (0 to 1) as the proposed threshold; nothing is saved. */
  readonly threshold: { readonly threshold: number }
  readonly user: { readonly id: string }
  readonly usersOf: ListQuery
  readonly org: { readonly org_id: string }
  readonly inviteCode: { readonly id: string }
  readonly redemptionCode: { readonly id: string }
  readonly codesOf: ListQuery
  readonly queue: undefined
  readonly registration: undefined
  readonly run: { readonly run_id: string }
  readonly runsOf: ListQuery
  /** Users by what their runs cost. */
  readonly runUsers: ListQuery
  /** Tree that the run belongs to, in which it is selected at first. */
  readonly runTree: { readonly run_id: string }
  /** One or two events of a run, by their numbers; with the right to it also what users wrote. */
  readonly runEvent: {
    readonly run_id: string
    readonly seqs: readonly string[]
    readonly right?: ContentRight | undefined
  }
  /** What was written in a run: opening it is recorded. */
  readonly runMessages: { readonly run_id: string }
  readonly referralsOf: ListQuery
  /** Root of the tree, and the account selected at first, unless the root is in a ring. */
  readonly referralTree: { readonly user_id: string; readonly at?: string }
  readonly auditOf: ListQuery
  /** What is held at the gateway. */
  readonly holds: undefined
  /** What was written down on this host, and an incident's timeline. */
  readonly incidents: undefined
  readonly incident: { readonly id: string }
  readonly auditEntry: AuditEntry
}

export type DestinationScreens = { readonly [Name in keyof Destinations]: Screen<Destinations[Name]> }

/** A change of a user of whom the id is known, as it is opened. */
interface UserChange {
  readonly change: Change<z.ZodObject, unknown>
  readonly input: (user: { readonly id: string }) => Readonly<Record<string, unknown>>
  readonly options?: readonly string[]
  readonly verb?: string
}

/** Changes that the log leads to, by name: what makes them needs PostgreSQL and Redis, which its first frame does not wait for. */
export interface LogChanges {
  readonly suspendUser: UserChange
  readonly cancelRunsOfUser: UserChange
  readonly holdAtGateway: Change<z.ZodObject, unknown>
  readonly holdNetworks: Change<z.ZodObject, unknown>
}

/** Screens of the console. All but the first are loaded after the first frame. */
export interface ScreenSet {
  /** Screen that the console starts with. */
  readonly first: Screen
  /** Screens with a tab, in order. */
  readonly screens: readonly Screen[]
  /** Screens that rows and fields lead to; undefined until loaded, and keys wait for them. */
  readonly destinations: DestinationScreens | undefined
  /** The same of changes. */
  readonly changes: LogChanges | undefined
}
