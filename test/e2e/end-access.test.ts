import { expect, test } from "vitest"
import { Gateway } from "../support/access-log.ts"
import { automationIn } from "../support/automation.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { subjectsIn } from "../support/subjects.ts"
import { openConsole } from "../support/user-screens.ts"

const gateway = Gateway.forTests()
const database = freshDatabase("accounts")
const operations = new Operations(database, gateway)

test("deleted users with access left over are listed, and their access is ended with a key, the automation if wanted", async () => {
  const deleted = { deleted_at: "2026-01-01T00:00:00Z" }
  const [gone, other] = [
    await subjectsIn(database).equipped({ username: "Gone", ...deleted }),
    await subjectsIn(database).equipped({ username: "Other", ...deleted }),
  ]
  const { automate, isOn } = automationIn(database)
  const automation = await automate(gone)
  const before = await isOn(automation)
  const terminal = await openConsole(operations, gateway)
  terminal.press("3")
  await terminal.see("LOGIN")
  terminal.press("v", "v", "v", "v")
  await terminal.see("left-over", "2 shown", "Gone", "Other")
  terminal.press("/").type("Gone")
  await terminal.see("1 shown")
  terminal.press("enter")
  await terminal.wait(() => terminal.selected?.includes("Gone") === true, "Gone is not selected")
  terminal.press("E")
  await terminal.see(
    "End the access of",
    "2 API keys are revoked",
    "1 channel goes on: telegram",
    "[ ] pause their jobs",
  )
  terminal.press("shift-tab", " ")
  await terminal.see("[x] pause their jobs", "1 channel is paused: telegram")
  terminal.press(" ")
  await terminal.see("[ ] pause their jobs", "1 channel goes on: telegram")
  terminal.press("tab", "tab", "tab")
  await terminal.see("[ End ]")
  terminal.press("enter")
  await terminal.see(
    "ended the access of",
    "✓ 2 keys revoked",

    "Nothing matches status:left-over Gone",
  )
  const { holdings } = subjectsIn(database)
  expect(await holdings(gone)).toMatchObject({ sessions: 0, codes: 0, keys: 0 })
  expect(await holdings(other)).toMatchObject({ sessions: 2, codes: 2, keys: 2 })
  expect(await isOn(automation)).toEqual(before)
})
