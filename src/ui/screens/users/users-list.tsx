import { shown } from "../../../domain/safe-text.ts"
import type { UserRow } from "../../../domain/user.ts"
import { listUsers } from "../../../services/users/users.ts"
import type { Table } from "../../kit/table/table-model.ts"
import { defineNarrowedTable, defineTable } from "../../kit/table/table-screen.tsx"
import { suspend } from "../shared/suspend.ts"
import { activate, endAccess } from "./user-changes.ts"
import { userColumns } from "./user-columns.ts"
import { userScreen } from "./user-detail.tsx"

const users: Table<typeof listUsers.input, UserRow> = {
  id: "users",
  title: "Users",
  tabKey: "3",
  summary: listUsers.summary,
  inside: [userScreen],
  operation: listUsers,
  noun: ["user", "users"],
  rowId: user => user.id,
  open: ({ id }, shell) => shell.open("user", { id }),
  filters: [{ field: "status", key: "v", without: shown`not deleted` }],
  bulk: { changes: [suspend, activate, endAccess], name: user => user.login ?? user.username },
  columns: userColumns,
}

/** List of the platform's users. */
export const usersScreen = defineTable(users)

/** List of users over the screen that counts them. */
export const usersOfScreen = defineNarrowedTable(users)
