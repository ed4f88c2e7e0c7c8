import { raiseTokenMark } from "../../adapters/redis/token-marks.ts"
import type { UserDetail } from "../../domain/user.ts"
import { type AuditedChange, difference, type PlannedStep } from "../change.ts"
import type { EndedAccess } from "./user-access.ts"
import type { ProfileChange } from "./user-profile.ts"

interface Ended {
  /** Number of revoked API keys; undefined when revoking was not requested. */
  readonly keys: number | undefined
  readonly ended: EndedAccess | undefined
}

/** The audit row `users.status_changed`, with the numbers of what ended with the old status. */
export function statusChange(
  before: UserDetail,
  after: UserDetail,
  { keys, ended }: Ended,
  first: readonly PlannedStep[],
): AuditedChange {
  const counts = ended && { sessions: ended.sessions, invite_codes: ended.codes }
  const metadata = { old_status: before.status, new_status: after.status, ...counts, ...keyCount(keys) }
  const target = { type: "user", id: before.id } as const
  const states = difference(before, after, ["status", "login"])
  const steps = [...first, ...(ended ? accessSteps(ended) : []), ...keySteps(keys)]
  return { audit: { action: "users.status_changed", target, metadata, ...states }, steps }
}

/** The audit row `users.update`: the profile, and API keys revoked without a change of status. */
export function profileAudit(
  before: UserDetail,
  after: UserDetail,
  profile: ProfileChange,
  keys: number | undefined,
): AuditedChange {
  const target = { type: "user", id: before.id } as const
  const states = difference(before, after, ["username", "email", "email_verified_at", "locale", "timezone"])
  const steps = Object.keys(profile).map(field => ({ what: STEP_OF[field as keyof ProfileChange] }))
  return {
    audit: { action: "users.update", target, metadata: keyCount(keys), ...states },
    steps: [...steps, ...keySteps(keys)],
  }
}

const STEP_OF = {
  username: "name",
  email: "e-mail",
  email_verified: "verification",
  locale: "locale",
  timezone: "time zone",
} as const satisfies Record<keyof ProfileChange, string>

const accessSteps = ({ mark, codes }: EndedAccess): PlannedStep[] => [
  { what: "sessions (PostgreSQL)" },
  { what: "sessions (Redis)", redis: ({ api }) => raiseTokenMark(api, mark) },
  ...(codes === 0 ? [] : [{ what: `${codes} ${codes === 1 ? "code" : "codes"} off` }]),
]

const keyCount = (keys: number | undefined) => (keys === undefined ? {} : { api_keys: keys })

const keySteps = (keys: number | undefined): PlannedStep[] =>
  keys ? [{ what: `${keys} ${keys === 1 ? "key" : "keys"} revoked` }] : []
