import { show, shown } from "../../domain/safe-text.ts"
import type { User } from "../../domain/user.ts"
import { listUsers } from "../../services/users.ts"
import { defineTable } from "../screen/table-screen.tsx"
import { age } from "../widgets/format.ts"
import { type Piece, piece } from "../widgets/line.tsx"
import type { Tone } from "../widgets/theme.ts"

const STATUS_TONES: Readonly<Record<User["status"], Tone>> = { active: "good", suspended: "look", deleted: "dim" }

const text = (value: string | null): Piece => (value ? piece(show(value, 512)) : piece(shown`-`, "dim"))

/** The people of the platform. */
export const usersScreen = defineTable({
  id: "users",
  title: "Users",
  digit: "3",
  summary: listUsers.summary,
  operation: listUsers,
  rowId: user => user.id,
  filters: [{ field: "status", key: "s", without: shown`not deleted` }],
  columns: [
    { header: shown`LOGIN`, width: 16, roomy: 24, cell: user => text(user.login) },
    { header: shown`NAME`, width: 18, roomy: 28, dropAs: 1, cell: user => text(user.username) },
    { header: shown`E-MAIL`, width: "rest", cell: user => text(user.email) },
    { header: shown`STATUS`, width: 9, cell: user => piece(show(user.status), STATUS_TONES[user.status]) },
    {
      header: shown`LAST SEEN`,
      width: 9,
      align: "right",
      dropAs: 2,
      cell: ({ last_login_at: seen }) =>
        seen === null ? piece(shown`-`, "dim") : piece(age(Date.now() - Date.parse(seen))),
    },
    { header: shown`SINCE`, width: 10, dropAs: 3, cell: user => piece(show(user.created_at.slice(0, 10)), "dim") },
  ],
})
