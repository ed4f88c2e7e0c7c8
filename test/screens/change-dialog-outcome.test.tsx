import { cleanup } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { Preview } from "../../src/services/operation.ts"
import { done, openDialog } from "../support/change-dialog.ts"
import { preview } from "../support/fake-changes.ts"

afterEach(cleanup)

test("what fails keeps what was typed, says why, and can be tried again", async () => {
  const answers = [
    () => Promise.reject(new DeckError("unavailable", "PostgreSQL went away", { traceId: "7d1e" })),
    async () => done,
  ]
  const { see, press } = openDialog({ change: () => (answers.shift() as () => Promise<typeof done>)() })
  await see("What happens")
  press("abuse", "tab", "tab", "enter")
  await see("▲ PostgreSQL went away", "Try again once the preview is read. trace 7d1e", "reason (optional)  abuse")
  press("enter")
  await see("✓ status")
})

test("what failed since somebody was first is refused from then on, and Enter closes it", async () => {
  const answers = [async () => preview(), () => Promise.reject(new DeckError("conflict", "alice is deleted"))]
  const { see, gone, press } = openDialog({
    preview: () => (answers.shift() as () => Promise<Preview>)(),
    change: () => Promise.reject(new DeckError("conflict", "alice was deleted meanwhile")),
  })
  await see("What happens")
  press("tab", "tab", "enter")
  await see("▲ alice was deleted meanwhile", "▲ alice is deleted", "[ Close ]")
  press("enter")
  await gone("alice is deleted")
})

test("on the smallest terminal what cannot be undone is in sight beside what has to be typed", async () => {
  const effects = ["this cannot be undone", "every session ends", "the login becomes free", "2 API keys keep working"]
  const asked = preview({ title: "Delete joao.conceicao", effects, typed: "joao.conceicao" })
  const { see } = openDialog({ preview: async () => asked }, { columns: 60, rows: 10 })
  await see("· this cannot be undone", "type joao.conceicao to confirm it", "PgDn")
})

test("what deletes has to be confirmed by typing the name, letter for letter", async () => {
  const { see, press, change } = openDialog({ preview: async () => preview({ title: "Delete alice", typed: "alice" }) })
  await see("type alice to confirm it")
  press("tab", "Alice", "tab", "tab", "enter")
  await see("Delete alice on PROD-EU", "delete: type alice to confirm")
  expect(change).not.toHaveBeenCalled()
  press("shift-tab", "shift-tab", "\x15", "alice", "tab", "tab", "enter")
  await see("✓ status")
})

test("what is still owed can be put right with R, which means nothing otherwise", async () => {
  const steps = [{ what: "status" }, { what: "sessions (Redis)", owed: "refused" }]
  const repaired = [{ what: "sessions of alice (Redis)" }]
  const repair = vi.fn(async () => ({ answer: null, steps: repaired }))
  const { see, gone, press } = openDialog({ change: async () => ({ answer: null, steps }), repair })
  // The one after signing in comes first.
  await see("✓ sessions of alice (Redis)")
  press("tab", "tab", "enter")
  await see("suspended alice: ✓ status  ▲ saved, not yet in force (R retries): sessions (Redis): refused", "R retry")
  press("R")
  await see("✓ sessions of alice (Redis)")
  expect(repair).toHaveBeenCalledTimes(2)
  await gone("R retry")
})

test("what was left behind is put right after signing in, and told", async () => {
  const { see } = openDialog({ repair: async () => ({ answer: null, steps: [{ what: "sessions of eve (Redis)" }] }) })
  await see("✓ sessions of eve (Redis)")
})

test("what a stranger put in a name is shown, not obeyed", async () => {
  const evil = "\x1b[31mred"
  const { see, press } = openDialog({
    preview: async () => preview({ title: `Suspend ${evil}`, subject: [evil], effects: [`${evil} ends`], typed: evil }),
  })
  await see("┌ Suspend \\x1b[31mred on", "│ \\x1b[31mred ", "· \\x1b[31mred ends", "type \\x1b[31mred to confirm it")
  press("esc")
})
