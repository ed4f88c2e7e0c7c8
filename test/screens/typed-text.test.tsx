import { test } from "vitest"
import type { Shell } from "../../src/ui/kit/shell.ts"
import { timeScreen } from "../../src/ui/screens/log/time.tsx"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { alertsScreen } from "../../src/ui/shell/alerts.tsx"
import { userRow } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"

test("a search left with Esc comes back with ↑, and ↓ goes back to what was typed", async () => {
  const { see, gone, press } = openConsole([usersScreen], {
    run: async () => ({ data: [userRow({})], next_cursor: null }),
  })
  await see("1 shown")
  press("/", "bob")
  await see("/ bob")
  press("esc")
  await gone("/ bob")
  press("/", "al", "up")
  await see("/ bob")
  press("down")
  await see("/ al")
  press("enter", "/")
  await see("/ al", "older")
})

test.each<[string, (shell: Shell) => void, string]>([
  ["a line of the palette", () => {}, ": users b"],
  ["a rule", shell => shell.push(alertsScreen, {}), "rate(ip"],
  ["a time", shell => shell.push(timeScreen, { go: () => {} }), "14:0"],
])("%s that was given up comes back with ↑", async (_, open, text) => {
  const { see, gone, press } = openConsole([opening(open), usersScreen], {})
  const typed = text.replace(": ", "")
  const key = text === typed ? "o" : ":"
  press(key)
  await see("Esc close")
  press(typed)
  await see(text)
  press("esc")
  await gone(text)
  press(key)
  await see("Esc close")
  press("up")
  await see(text)
})
