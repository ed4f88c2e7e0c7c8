import type { OrgDetail } from "../../../domain/org.ts"
import type { Run } from "../../../domain/run.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import type { User } from "../../../domain/user.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"

type AccountStatus = User["status"] | OrgDetail["status"]

const ACCOUNT_TONES: Readonly<Record<AccountStatus, Tone>> = { active: "good", suspended: "look", deleted: "dim" }

const RUN_TONES: Readonly<Record<Run["status"], Tone>> = {
  running: "key",
  completed: "good",
  failed: "act",
  cancelled: "dim",
  cancelling: "look",
  interrupted: "look",
}

/** The state of a user or an organization, in the colour of what it calls for. */
export const accountState = (status: AccountStatus): Piece => piece(show(status), ACCOUNT_TONES[status])

/** The same of somebody who may not be there at all. */
export const personState = (status: User["status"] | null): Piece =>
  status === null ? piece(shown`unknown`, "dim") : accountState(status)

/** The state of a run likewise. */
export const runState = (status: Run["status"]): Piece => piece(show(status), RUN_TONES[status])

/** The colour of a run's state; the platform may know others by now. */
export const runTone = (status: string): Tone => RUN_TONES[status as Run["status"]] ?? "look"
