import type { UserRow } from "../../../domain/user.ts"
import { updateUser } from "../../../services/users/user-changes.ts"
import type { RecordChange } from "../../kit/change/record-change.ts"

type Known = Pick<UserRow, "id" | "status">

/** Returns true, or the reason why a user cannot be changed. */
export const isThere = ({ status }: Known) =>
  status !== "deleted" || "a deleted user cannot be changed: E ends what access is left"

/** What suspends a user of whom the id is known. */
export const suspension = {
  change: updateUser,
  input: ({ id }: Pick<Known, "id">) => ({ id, status: "suspended" }),
  options: ["revoke_keys", "pause_automation", "cancel_runs"],
}

export const suspend: RecordChange<Known> = {
  ...suspension,
  key: "S",
  label: "suspend",
  help: "suspend: sessions end, invite codes go off",
  // Also of who is suspended already: Redis may not have heard of it, and the keys may still work.
  possible: isThere,
}
