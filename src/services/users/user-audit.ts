import type { UserDetail } from "../../domain/user.ts"
import { type AuditedChange, difference } from "../change.ts"
import type { PlannedStep } from "../debt.ts"
import type { AccessDues } from "./access-debts.ts"
import type { PausedAutomation } from "./pause-automation.ts"
import type { EndedAccess } from "./user-access.ts"
import type { ProfileChange } from "./user-profile.ts"

/** What of a user's access ended. */
export interface Ended {
  /** Number of revoked keys; undefined when revoking was not requested. */
  readonly keys: number | undefined
  readonly ended: EndedAccess | undefined
  /** Undefined when pausing was not requested, or nothing was on. */
  readonly paused: PausedAutomation | undefined
  /** What Redis has to hold of it. */
  readonly dues: AccessDues
}

/** The audit row `users.status_changed`, with the numbers of what ended with the old status. */
export function statusChange(
  before: UserDetail,
  after: UserDetail,
  ended: Ended,
  first: readonly PlannedStep[],
): AuditedChange {
  const metadata = { old_status: before.status, new_status: after.status, ...countsOf(ended) }
  const states = difference(before, after, ["status", "login"])
  return audited("users.status_changed", before.id, metadata, states, ended, first)
}

/** The audit row `users.end_access`, with the numbers of what ended. */
export const accessEnded = (id: string, ended: Ended): AuditedChange =>
  audited("users.end_access", id, countsOf(ended), { before: {}, after: {} }, ended)

/** The audit row `users.update`: the profile, and what ended without a change of status. */
export function profileAudit(
  before: UserDetail,
  after: UserDetail,
  profile: ProfileChange,
  ended: Ended,
): AuditedChange {
  const states = difference(before, after, ["username", "email", "email_verified_at", "locale", "timezone"])
  const steps = Object.keys(profile).map(field => ({ what: STEP_OF[field as keyof ProfileChange] }))
  return audited("users.update", before.id, countsOf(ended), states, ended, steps)
}

type States = Required<Pick<AuditedChange["audit"], "before" | "after">>

function audited(
  action: string,
  id: string,
  metadata: Record<string, unknown>,
  states: States,
  { keys, ended, paused, dues }: Ended,
  first: readonly PlannedStep[] = [],
): AuditedChange {
  const before = { ...states.before, ...paused?.before }
  const after = { ...states.after, ...paused?.after }
  return {
    audit: { action, target: { type: "user", id }, metadata, before, after },
    steps: [
      ...first,
      ...(ended ? accessSteps(ended, dues) : []),
      ...(keys === undefined ? [] : keySteps(keys, dues)),
      ...(paused?.steps ?? []),
    ],
  }
}

const STEP_OF = {
  username: "name",
  email: "e-mail",
  email_verified: "verification",
  locale: "locale",
  timezone: "time zone",
} as const satisfies Record<keyof ProfileChange, string>

const accessSteps = ({ codes }: EndedAccess, { sessions }: AccessDues): PlannedStep[] => [
  { what: "sessions (PostgreSQL)" },
  ...(sessions ?? []),
  ...(codes === 0 ? [] : [{ what: `${codes} ${codes === 1 ? "code" : "codes"} off` }]),
]

const countsOf = ({ keys, ended, paused }: Ended) => ({
  ...(ended && { sessions: ended.sessions, invite_codes: ended.codes }),
  ...(keys !== undefined && { api_keys: keys }),
  ...paused?.counts,
})

const keySteps = (count: number, dues: AccessDues): PlannedStep[] => [
  ...(count === 0 ? [] : [{ what: `${count} ${count === 1 ? "key" : "keys"} revoked` }]),
  ...(dues.keys ?? []),
]
