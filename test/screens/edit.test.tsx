import { cleanup } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { editScreen } from "../../src/ui/kit/form/edit.tsx"
import { changeUser, preview } from "../support/fake-changes.ts"
import { type FakeDeck, openConsole, opening } from "../support/test-console.tsx"

afterEach(cleanup)

const ID = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"
const seen = {
  username: "Alice Liddell",
  email: "alice@example.com",
  email_verified: true,
  locale: "zh-CN",
  timezone: "UTC",
}
const done = { answer: null, steps: [{ what: "e-mail" }] }

/** The form of alice over `deck`; `o` opened it. */
function openForm(deck: FakeDeck, values: Partial<typeof seen> = {}, size?: { columns: number; rows: number }) {
  const change = vi.fn(deck.change ?? (async () => done))
  const screen = opening(shell =>
    shell.push(editScreen, {
      title: "alice",
      change: changeUser,
      input: { id: ID },
      fields: Object.keys(seen),
      seen: { ...seen, ...values },
      notes: { email_verified: "since 2024-01-02" },
    }),
  )
  const run = async () => ({ data: [{ actor_login: "second", ts: "2026-11-22T14:01:58Z" }], next_cursor: null })
  const answers = { run, preview: async () => preview({ title: "Edit alice" }), ...deck, change }
  const terminal = openConsole([screen, { ...screen, id: "other", tabKey: "2" }], answers, size)
  terminal.press("o")
  return { ...terminal, change }
}

/** Clears the field and types another value into it. */
const typed = (text: string) => ["\x15", text]

test("the fields as they are, and a mistake as soon as it is typed", async () => {
  const { see, press, lines } = openForm({})
  await see("Edit alice")
  press("tab", ...typed("alice@"))
  await see("changed: 1", "must be")
  expect(lines().filter(line => line !== "")).toMatchInlineSnapshot(`
    [
      " Edit alice   changed: 1",
      "  name             Alice Liddell",
      "▌ e-mail           alice@",
      "                   must be an e-mail address, like alice@example.com",
      "  e-mail verified  [x]  since 2024-01-02",
      "  locale           zh-CN   Chinese (China)",
      "  time zone        UTC   GMT+00:00",
      "────────────────────────────────────────────────────────────────────────────────────────────────────",
      " ^S save  Esc leave  Tab next field",
    ]
  `)
})

test("on the smallest terminal the field that has the keyboard is in sight", async () => {
  const { see, press } = openForm({}, {}, { columns: 60, rows: 7 })
  await see("Edit alice")
  press("tab", ...typed("alice@"), "tab", "tab", "tab")
  await see("▌ time zone")
})

test("a time zone is completed from what there is", async () => {
  const { see, press, change } = openForm({})
  await see("Edit alice")
  press("up", ...typed("Asia/Sha"))
  await see("Asia/Sha   Asia/Shanghai")
  press("ctrl-s")
  await see("must be an IANA time zone")
  press("right")
  await see("China Standard Time")
  press("ctrl-s")
  await see("What happens", "[ Cancel ]   Save")
  press("she moved", "tab", "tab", "enter")
  await see("✓ e-mail")
  expect(change).toHaveBeenCalledWith(changeUser, { id: ID, timezone: "Asia/Shanghai", reason: "she moved" }, { seen })
})

test("nothing changed is not saved, and what is wrong neither", async () => {
  const { see, press, change } = openForm({})
  await see("Edit alice")
  press("ctrl-s")
  await see("nothing is changed")
  press(...typed(""), "down", "ctrl-s")
  await see("▌ name", "must not be empty", "not saved: name must not be empty")
  expect(change).not.toHaveBeenCalled()
})

test("leaving asks before anything is lost", async () => {
  const { see, gone, press } = openForm({})
  await see("Edit alice")
  press("x", "esc")
  await see("Leave alice without saving?", "Unsaved changes: name.", "[ Stay ]")
  press("enter")
  await gone("without saving")
  await see("Alice Liddellx", "changed: 1")
  press("esc")
  await see("[ Stay ]")
  press("tab", "enter")
  await gone("Edit alice")
})

test("nothing changed is left at once", async () => {
  const { see, gone, press } = openForm({})
  await see("Edit alice")
  press("esc")
  await gone("Edit alice")
})

test("letters are never keys in a form, check boxes included", async () => {
  const { see, press } = openForm({})
  await see("Edit alice")
  press("tab", "tab", "q", "?", "2", " ")
  await see("[ ]  since", "changed: 1")
})

test("a field that is refused says so where it was typed, and nothing is lost", async () => {
  const taken = new DeckError("conflict", "is taken by bob (active)", { field: "email" })
  const { see, press } = openForm({ preview: () => Promise.reject(taken) })
  await see("Edit alice")
  press("tab", ...typed("bob@example.com"), "ctrl-s")
  await see("▌ e-mail           bob@example.com", "is taken by bob (active)", "changed: 1")
})

test("a save that fails leaves the dialog and the form as they were", async () => {
  const { see, press } = openForm({ change: () => Promise.reject(new DeckError("unavailable", "PostgreSQL refused")) })
  await see("Edit alice")
  press("x", "ctrl-s")
  await see("What happens")
  press("typo", "tab", "tab", "enter")
  await see("▲ PostgreSQL refused", "reason (optional)  typo")
  press("esc", "esc")
  await see("Alice Liddellx", "changed: 1")
})

test("what somebody else saved meanwhile is taken or overwritten, field by field, and saved after all", async () => {
  const conflicts = [
    { field: "username", was: "Alice Liddell", theirs: "Alice L.", yours: "Alice Liddellx" },
    { field: "email", was: "alice@example.com", theirs: "alice@corp.example", yours: "alice@liddell.org" },
  ]
  const answers = [() => Promise.reject(new DeckError("conflict", "saved meanwhile", { conflicts })), async () => done]
  const { see, gone, press, lines, change } = openForm({ change: () => (answers.shift() as () => Promise<unknown>)() })
  await see("Edit alice")
  press("x", "tab", ...typed("alice@liddell.org"), "ctrl-s")
  await see("What happens")
  press("she asked", "tab", "tab", "enter")
  await see("Somebody saved alice while you were editing (second, 14:01:58)")
  expect(lines().filter(line => line.includes("│"))).toMatchInlineSnapshot(`
    [
      "  │           was                      theirs                   yours                            │",
      "  │ ▌ name    Alice Liddell            Alice L.                 Alice Liddellx           yours   │",
      "  │   e-mail  alice@example.com        alice@corp.example       alice@liddell.org        yours   │",
    ]
  `)
  press("left", "down", "left")
  await see("alice@liddell.org        theirs")
  press("right", "enter")
  await gone("Somebody saved")
  await see("name             Alice L.", "alice@liddell.org", "changed: 1")
  press("ctrl-s")
  await see("reason (optional)  she asked", "What happens")
  press("tab", "tab", "enter")
  await see("✓ e-mail")
  expect(change).toHaveBeenLastCalledWith(
    changeUser,
    { id: ID, email: "alice@liddell.org", reason: "she asked" },
    { seen: { ...seen, username: "Alice L.", email: "alice@corp.example" } },
  )
})

test("what a stranger saved is shown, not obeyed", async () => {
  const { see } = openForm({}, { username: "\x1b[31mred" })
  await see("\\x1b[31mred")
})

test("on the smallest terminal a conflict of many fields is read to its end with PgDn", async () => {
  const theirs = "a value that somebody else saved, and that goes on for longer than any cell, to its very end"
  const conflicts = Object.keys(seen).map(field => ({ field, was: "before", theirs, yours: "mine" }))
  const error = new DeckError("conflict", "saved meanwhile", { conflicts })
  const { see, gone, press } = openForm({ change: () => Promise.reject(error) }, {}, { columns: 60, rows: 10 })
  await see("Edit alice")
  press("x", "ctrl-s")
  await see("every session", "[ Cancel ]")
  press("tab", "tab", "enter")
  await see("┌ Somebody saved alice", "↓ PgDn: 2 more lines", "└─")
  press("pagedown")
  await see("its very end", "└─")
  await gone("PgDn")
})
