import { DeckError } from "../../domain/errors.ts"
import type { Screen } from "../screen/screen.ts"
import { dashboardScreen } from "./dashboard/dashboard-screen.tsx"
import { logScreen } from "./log/log-screen.tsx"
import { usersScreen } from "./users.tsx"

/** The screens that have a tab, in the order of their keys. */
export const screens: readonly Screen[] = [logScreen, dashboardScreen, usersScreen]

/** Throws DeckError `usage`, with the names there are, for a screen that does not exist. */
export function screenById(id: string): Screen {
  const found = screens.find(screen => screen.id === id)
  if (found) return found
  throw new DeckError("usage", `--screen takes one of: ${screens.map(screen => screen.id).join(", ")}`, {
    field: "screen",
  })
}
