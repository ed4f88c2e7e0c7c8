import { expect, test } from "vitest"
import { exportedBy } from "../support/demo.ts"
import { readHelp } from "../support/help.ts"
import { startOpsdeck } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"

test("who knows only the help finds why a run failed, what made the slow one slow and who spends most, and stops that", {
  timeout: 120_000,
}, async () => {
  const platform = await exportedBy(startOpsdeck(["demo", "--servers-only"], {}))
  const terminal = Terminal.opsdeck([], platform, { columns: 100, rows: 30 })
  await terminal.see("● live", "4 Runs")
  terminal.press("4")
  await terminal.see("STARTED")
  const list = await readHelp(terminal)
  const allRead = () =>
    terminal.wait(() => /as of \d/.test(terminal.screen) && !/reading/.test(terminal.screen), "not all was read")
  /** Goes down to the line that `isIt`. */
  const goTo = async (isIt: (line: string) => boolean) => {
    await allRead()
    const selected = () => terminal.rows.find(row => /^ ?▌/.test(row)) ?? ""
    while (!isIt(selected())) {
      const before = selected()
      terminal.press("down")
      await terminal.wait(() => selected() !== before, "the next line was not selected")
    }
  }
  const filter = async (text: string, first: RegExp) => {
    terminal.press(list.key("filter as you type"), "ctrl-u").type(text).press("enter")
    await terminal.see(`/ ${text}`, first)
    await allRead()
    terminal.press("g")
  }

  // Why did it fail?
  await filter("status:failed since:15m", /▌.* failed /)
  terminal.press("enter")
  await terminal.see("Timeline", "run.failed", /(provider\.\w+|tool\.failed|budget\.exceeded)/)
  terminal.press("esc")

  // Which tool made the slow one slow?
  await filter("status:completed since:15m", /▌.* completed /)
  await goTo(row => / completed +1m[3-5]\d /.test(row))
  terminal.press("enter")
  await terminal.see("Timeline", /tools: web_search \d+ s/, /▲1m\d\d/)
  expect(terminal.rows.find(row => /▲1m\d\d/.test(row))).toContain("web_search")
  terminal.press("esc")

  // Whose runs cost dollars where others cost cents?
  await filter("status:completed since:15m", / [12]\.\d{4} /)
  await goTo(row => / [12]\.\d{4} /.test(row))
  terminal.press("enter")
  await terminal.see("Timeline", /▌ user /)
  terminal.press("enter")
  await terminal.see("User  ", "all runs of this user")
  const user = await readHelp(terminal)
  const seeTheirs = async () => {
    await goTo(line => line.includes("all runs of this user"))
    terminal.press("enter")
    await terminal.see("STARTED")
  }
  await seeTheirs()
  await terminal.see(/ [12]\.\d{4} /, / running /)
  terminal.press("esc")

  // Stop them, and see them end.
  await terminal.see("User  ")
  terminal.press(user.key("ask the workers to end all running runs of this user"))
  await terminal.see("What happens", "[ Back ]", /\$\d\.\d{4} so far in all/)
  terminal.type("spends too much")
  terminal.press("tab", "tab")
  await terminal.see("[ Cancel runs ]")
  terminal.press("enter")
  await terminal.see("cancellation of 3 runs requested")
  await seeTheirs()
  await terminal.wait(
    () =>
      terminal.rows.filter(row => row.includes(" cancelled ")).length >= 3 && !terminal.screen.includes(" running "),
    "the runs did not end",
  )
})
