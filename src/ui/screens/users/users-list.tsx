import { shown } from "../../../domain/safe-text.ts"
import { listUsers } from "../../../services/users/users.ts"
import { defineTable } from "../../kit/table/table-screen.tsx"
import { activate, endAccess, suspend } from "./user-changes.ts"
import { userColumns } from "./user-columns.ts"

/** List of the platform's users. */
export const usersScreen = defineTable({
  id: "users",
  title: "Users",
  tabKey: "3",
  summary: listUsers.summary,
  operation: listUsers,
  noun: ["user", "users"],
  rowId: user => user.id,
  open: ({ id }, shell) => shell.open("user", { id }),
  filters: [{ field: "status", key: "v", without: shown`not deleted` }],
  bulk: { changes: [suspend, activate, endAccess], name: user => user.login ?? user.username },
  columns: userColumns,
})
