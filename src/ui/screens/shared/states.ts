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

/** Draws the status of a user or an organization. */
export const accountState = (status: AccountStatus): Piece => piece(show(status), ACCOUNT_TONES[status])

/** Draws the status of a user who may be gone. */
export const personState = (status: User["status"] | null): Piece =>
  status === null ? piece(shown`unknown`, "dim") : accountState(status)

/** Draws the status of a run. */
export const runState = (status: Run["status"]): Piece => piece(show(status), RUN_TONES[status])

/** Returns the tone of a run's status; the platform may have new ones. */
export const runTone = (status: string): Tone => RUN_TONES[status as Run["status"]] ?? "look"
