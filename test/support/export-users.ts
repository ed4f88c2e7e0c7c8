import type { UserRow } from "../../src/domain/user.ts"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { userRow } from "./record-screens.ts"
import { type FakeDeck, openConsole } from "./test-console.tsx"

const CREATED = "2024-01-01T10:00:00Z"

/** The user number `n` of the list. */
export const user = (n: number, columns: Partial<UserRow> = {}) =>
  userRow({ id: `id of ${n}`, login: `user${n}`, username: `User ${n}`, email: null, created_at: CREATED, ...columns })

/** What `users list --json` prints of the user. */
export const printed = (n: number) =>
  `{"id":"id of ${n}","login":"user${n}","username":"User ${n}","email":null,"status":"active","avatar_url":null,"locale":null,"timezone":null,"last_login_at":null,"created_at":"2024-01-01T10:00:00Z"}\n`

/** A page that is asked for. */
export interface Request {
  cursor?: string
  limit: number
  q?: string
}

/** The list of users over a deck that gives `answer`. */
export const openUsers = (answer: (input: Request) => Promise<unknown>) =>
  openConsole([usersScreen], { run: (_, input: never) => answer(input) } as FakeDeck)
