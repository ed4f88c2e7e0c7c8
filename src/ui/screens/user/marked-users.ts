import type { User } from "../../../domain/user.ts"
import { updateUser } from "../../../services/user-changes.ts"
import type { BulkAction } from "../../screen/marks.ts"

const users = (count: number) => (count === 1 ? "1 user" : `${count} users`)
const name = (user: User) => user.login ?? user.username

/** What can be done to marked users together. */
export const markedUsers: readonly BulkAction<User>[] = [
  {
    key: "S",
    label: "suspend",
    title: count => `Suspend ${users(count)}`,
    change: updateUser,
    input: ({ id }) => ({ id, status: "suspended" }),
    options: ["revoke_keys"],
    name,
  },
  {
    key: "A",
    label: "activate",
    title: count => `Activate ${users(count)}`,
    change: updateUser,
    input: ({ id }) => ({ id, status: "active" }),
    name,
  },
]
