import { shown } from "../../../domain/safe-text.ts"
import type { UserRow } from "../../../domain/user.ts"
import { updateUser } from "../../../services/users/user-changes.ts"
import { listUsers } from "../../../services/users/users.ts"
import { defineTable } from "../../kit/table/table-screen.tsx"
import { userColumns } from "./user-columns.ts"

const nameOf = (user: UserRow) => user.login ?? user.username

/** The people of the platform. */
export const usersScreen = defineTable({
  id: "users",
  title: "Users",
  tabKey: "3",
  summary: listUsers.summary,
  operation: listUsers,
  noun: ["user", "users"],
  rowId: user => user.id,
  open: ({ id }, shell) => shell.open("user", { id }),
  filters: [{ field: "status", key: "s", without: shown`not deleted` }],
  bulk: [
    {
      key: "S",
      label: "suspend",
      verb: "Suspend",
      change: updateUser,
      input: ({ id }) => ({ id, status: "suspended" }),
      options: ["revoke_keys"],
      name: nameOf,
    },
    {
      key: "A",
      label: "activate",
      verb: "Activate",
      change: updateUser,
      input: ({ id }) => ({ id, status: "active" }),
      name: nameOf,
    },
  ],
  columns: userColumns,
})
