import { expect, test } from "vitest"
import { ColumnChoices } from "../../src/ui/runtime/column-choices.ts"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { clockAt } from "../support/clock.ts"
import { userRow } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"

clockAt("2026-11-22T14:02:31Z")

const openUsers = (columnChoices: ColumnChoices, columns = 80) =>
  openConsole(
    [usersScreen],
    { run: async () => ({ data: [userRow({})], next_cursor: null }) },
    { columns, rows: 14 },
    { columnChoices },
  )

test("| lists all columns, also those without room, and what is kept holds for the screen from then on", async () => {
  const choices = new ColumnChoices()
  const { see, press, body, lines, gone } = openUsers(choices)
  await see("1 shown")
  await press("|")
  await see("LAST SEEN", "no room in 80 columns")
  expect(lines().flatMap(line => /│ (.*) │/.exec(line)?.[1]?.trimEnd() ?? [])).toMatchInlineSnapshot(`
    [
      "▌ [x] LOGIN               always shown",
      "  [x] NAME",
      "  [x] E-MAIL, ✓ verified",
      "  [x] STATUS",
      "  [x] LAST SEEN           no room in 80 columns",
      "  [x] SINCE               no room in 80 columns",
      "  [x] ORGS                no room in 80 columns",
    ]
  `)
  // NAME goes, SINCE comes before the rest.
  await press("j", " ", "G", "k", "<", "<", "<")
  await see("[ ] NAME")
  await press("enter")
  await gone("no room")
  expect(body().slice(2)).toMatchInlineSnapshot(`
    [
      " LOGIN                SINCE ▼           E-MAIL, ✓ verified       STATUS",
      "▌alice                2024-01-01   3y ✓ alice@example.com        active",
    ]
  `)
  const another = openUsers(choices)
  await another.see("SINCE")
})

test("Esc keeps what was, and x returns to the declared columns", async () => {
  const choices = new ColumnChoices()
  choices.set("users", { order: ["STATUS", "LOGIN", "NAME", "E-MAIL", "LAST SEEN", "SINCE", "ORGS"], hidden: ["NAME"] })
  const { see, press, body, gone } = openUsers(choices)
  await see("STATUS    LOGIN")
  await press("|")
  await see("Columns")
  await press("x", "esc")
  await gone("Columns")
  expect(body()[2]).toContain("STATUS    LOGIN")
  await press("|")
  await see("Columns")
  await press("x", "enter")
  await see("LOGIN                NAME")
  expect(choices.states.snapshot.size).toBe(0)
})

test("a column that tells rows apart says that it stays", async () => {
  const { see, press } = openUsers(new ColumnChoices())
  await see("1 shown")
  await press("|")
  await see("always shown")
  await press(" ")
  await see("it is always shown")
})
