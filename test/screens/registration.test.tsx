import { expect, test, vi } from "vitest"
import { invitesScreen } from "../../src/ui/screens/invites/invites-list.tsx"
import { openDashboard } from "../support/dashboard-screen.ts"
import { answering, page } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

const open = (answer: object) => {
  const preview = vi.fn(async () => ({
    title: "Close registration",
    subject: ["now open to anybody"],
    effects: ["a new account needs an invite code"],
    needsConfirmation: true,
  }))
  const screen = opening(shell => shell.open("registration", undefined))
  return { ...openConsole([screen], { run: async () => answer, preview }), preview }
}

test("O asks for the other state, with its preview", async () => {
  const { press, see, preview } = open({ open: true, source: "flag", kept: true })
  press("o")
  await see("Registration  open to anybody", "the platform's flag registration.open")
  press("O")
  await see("Close registration", "a new account needs an invite code", "[ Back ]   Close", "Esc back  Enter next")
  expect(preview.mock.calls[0]?.slice(0, 2)).toMatchObject([{ words: ["registration", "set"] }, { open: false }])
})

test("a platform that does not keep it is said so, and cannot be switched", async () => {
  const { press, see, preview } = open({ open: false, source: "default", kept: false })
  press("o")
  await see("by invitation only", "not kept by this platform")
  press("O")
  await see("O open or close")
  expect(preview).not.toHaveBeenCalled()
})

test.each([
  [100, "Invites · 0 shown · registration by invitation only"],
  [80, "Invites · 0 shown · by invitation only"],
])("the list of invite codes says it, at %i columns", async (columns, heading) => {
  const answers = { "invites list": page([]), "registration show": { open: false, source: "default", kept: true } }
  const { see } = openConsole([invitesScreen], answering(answers), { columns, rows: 24 })
  await see(heading)
})

test("where it is not kept, the list of invite codes says nothing of it", async () => {
  const deck = answering({
    "invites list": page([]),
    "registration show": { open: false, source: "default", kept: false },
  })
  const { see, queries, body } = openConsole([invitesScreen], deck)
  await see("Invites · 0 shown")
  await until(() => deck.asked.some(({ words }) => words === "registration show") && queries.isFetching() === 0)
  expect(body().join("\n")).not.toContain("invitation only")
})

test("the dashboard says it where it is kept, and leads there", async () => {
  const dashboard = openDashboard()
  await dashboard.see("150.0 G")
  expect(dashboard.line("Registration")).toBeUndefined()
  dashboard.behaviour.keepsFlags = true
  dashboard.queries.invalidateQueries({ queryKey: ["registration", "show"] })
  await dashboard.see("Registration   open to anybody")
  dashboard.press("j", "enter")
  await dashboard.see("the platform's flag registration.open")
})
