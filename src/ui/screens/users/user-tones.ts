import type { User } from "../../../domain/user.ts"
import type { Tone } from "../../widgets/theme.ts"

/** What the status of a user calls for. */
export const USER_TONES: Readonly<Record<User["status"], Tone>> = { active: "good", suspended: "look", deleted: "dim" }
