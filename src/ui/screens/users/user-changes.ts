import type { UserDetail, UserRow } from "../../../domain/user.ts"
import { endUserAccess } from "../../../services/users/end-access.ts"
import { deleteUser, updateUser } from "../../../services/users/user-changes.ts"
import type { RecordChange } from "../../kit/change/record-change.ts"
import { isThere } from "../shared/suspend.ts"

type Known = Pick<UserRow, "id" | "status">

export const activate: RecordChange<Known> = {
  key: "A",
  label: "activate",
  help: "activate a suspended user",
  change: updateUser,
  input: ({ id }) => ({ id, status: "active" }),
  possible: user => (user.status === "active" ? "already active" : isThere(user)),
}

/** Possible for deleted users as well. */
export const endAccess: RecordChange<Known> = {
  key: "E",
  label: "end access",
  together: "end access of",
  help: "end sessions, API keys and invite codes, of a deleted user as well; automation where asked for",
  change: endUserAccess,
  input: ({ id }) => ({ id }),
  options: ["pause_automation"],
}

/** Changes that are made on the user's screen alone. */
export const rareChanges: readonly RecordChange<UserDetail>[] = [
  {
    key: "K",
    label: "revoke keys",
    help: "revoke all API keys of this user",
    change: updateUser,
    input: ({ id }) => ({ id, revoke_keys: true }),
    possible: isThere,
    isRare: true,
  },
  {
    key: "V",
    label: "verify e-mail",
    help: "mark the e-mail address as verified",
    change: updateUser,
    input: ({ id }) => ({ id, email_verified: true }),
    seen: ({ email }) => ({ email }),
    possible: user => {
      if (user.email_verified_at !== null) return "already verified"
      return user.email === null ? "they have no e-mail address" : isThere(user)
    },
    isRare: true,
  },
  {
    key: "D",
    label: "delete",
    help: "delete this user permanently",
    change: deleteUser,
    input: ({ id }) => ({ id }),
    options: ["revoke_keys", "pause_automation", "cancel_runs"],
    possible: isThere,
    isRare: true,
  },
]
