import { cleanup } from "ink-testing-library"
import { afterEach, describe, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { Preview } from "../../src/services/operation.ts"
import { changeDialog } from "../../src/ui/kit/change/change-dialog.tsx"
import { changeUser, later, preview } from "../support/fake-changes.ts"
import { type FakeDeck, openConsole, opening } from "../support/test-console.tsx"

afterEach(cleanup)

const done = { answer: null, steps: [{ what: "status" }, { what: "audit (trace 7d1e…)" }] }
const input = { id: "8f2c", status: "suspended" }

/** The dialog that suspends alice, opened over `deck`. */
function openDialog(deck: FakeDeck, size?: { columns: number; rows: number }) {
  const params = { change: changeUser, input, options: ["revoke_keys"] }
  const change = vi.fn(deck.change ?? (async () => done))
  const screen = opening(shell => shell.push(changeDialog, params))
  const terminal = openConsole([screen], { preview: async () => preview(), ...deck, change }, size)
  terminal.press("o")
  return { ...terminal, change }
}

test("what will happen, to whom, where, and Cancel as the default", async () => {
  const { see, lines } = openDialog({})
  await see("What happens")
  expect(lines().filter(line => line !== "")).toMatchInlineSnapshot(`
    [
      "      ┌ Suspend alice on PROD-EU ────────────────────────────────────────────────────────────┐",
      "      │ Alice Liddell · alice@example.com · Acme (owner)                                     │",
      "      │                                                                                      │",
      "      │ What happens                                                                         │",
      "      │   · every session issued until now ends at once                                      │",
      "      │   · 2 API keys keep working: the platform does not stop them                         │",
      "      │                                                                                      │",
      "      │   [ ] revoke the user's API keys as well                                             │",
      "      │ ▌ reason (optional)                                                                  │",
      "      │                                                               [ Cancel ]   Suspend   │",
      "      └──────────────────────────────────────────────────────────────────────────────────────┘",
      "────────────────────────────────────────────────────────────────────────────────────────────────────",
      " Esc close  Enter next  Tab next field",
    ]
  `)
})

test("on the smallest terminal it says that there is more to read, and goes there", async () => {
  const effects = [
    "sessions end",
    "2 API keys keep working",
    "3 invite codes are switched off",
    "no keys",
    "2 runs go on",
  ]
  const size = { columns: 60, rows: 10 }
  const { see, press, lines } = openDialog({ preview: async () => preview({ effects }) }, size)
  await see("sessions end")
  expect(lines()).toMatchInlineSnapshot(`
    [
      "  ┌ Suspend alice on PROD-EU ────────────────────────────┐",
      "  │ Alice Liddell · alice@example.com · Acme (owner)     │",
      "  │   · sessions end                                     │",
      "  │   · 2 API keys keep working                          │",
      "  │   · 3 invite codes are switched off                  │",
      "  │ ↓ PgDn: 2 more lines                                 │",
      "  │   [ ] revoke the user's API keys as well             │",
      "  │ ▌ reason (optional)                                  │",
      "  │                               [ Cancel ]   Suspend   │",
      "  └──────────────────────────────────────────────────────┘",
      "────────────────────────────────────────────────────────────",
      " Esc close  Enter next  Tab next field",
    ]
  `)
  press("pagedown")
  await see("2 runs go on")
})

test("however long a name is, what happens stays in sight", async () => {
  const { see, lines } = openDialog({ preview: async () => preview({ subject: ["\x1b漢".repeat(5000)] }) })
  await see("What happens", "2 API keys keep working")
  expect(lines().filter(line => line.includes("漢"))).toHaveLength(4)
  expect(lines().join("")).not.toContain("PgDn")
})

test("still being read, and refused, look different", async () => {
  const first = later<Preview>()
  const { see, press, gone, change } = openDialog({ preview: () => first.promise })
  await see("reading the preview…", "the preview is still being read")
  first.reject(new DeckError("conflict", "alice is the last platform administrator", { traceId: "7d1e" }))
  await see("▲ alice is the last platform administrator", "Esc closes this. trace 7d1e", "[ Close ]")
  press("x", "tab", "tab")
  await see("[ Close ]")
  press("esc")
  await gone("administrator")
  expect(change).not.toHaveBeenCalled()
})

describe("the keys", () => {
  test("in a field Enter goes on, also when it is empty, and the footer says what it does; on Cancel it closes", async () => {
    const { see, press, gone, change } = openDialog({})
    await see("What happens", "Enter next")
    press("enter")
    await see("Enter cancel")
    press("enter")
    await gone("What happens")
    expect(change).not.toHaveBeenCalled()
  })

  test("a reason is not lost on Cancel without a word, and not for good when something else is done first", async () => {
    const { see, press, gone, change } = openDialog({})
    await see("What happens")
    press("abuse", "enter", "enter")
    await see("reason (optional)  abuse", "press again to discard what you filled in")
    press("tab", "left", "enter")
    await see("reason (optional)  abuse", "press again to discard")
    press("enter")
    await gone("What happens")
    expect(change).not.toHaveBeenCalled()
  })

  test("left and right move between the buttons, and no further", async () => {
    const { see, press } = openDialog({})
    await see("What happens")
    press("tab", "left")
    await see("[ Cancel ]", "Enter cancel")
    press("right", "right")
    await see("[ Suspend ]", "Enter suspend")
    press("left")
    await see("[ Cancel ]", "Enter cancel")
  })

  test("an option that would do nothing says so", async () => {
    const { see } = openDialog({ preview: async () => preview({ notes: { revoke_keys: "they have none" } }) })
    await see("[ ] revoke the user's API keys as well  they have none")
  })

  test("Esc loses what was typed at the second press only", async () => {
    const { see, press, gone } = openDialog({})
    await see("What happens")
    press("abuse", "esc")
    await see("reason (optional)  abuse", "press again to discard")
    press("esc")
    await gone("What happens")
  })

  test("Enter on the action does it, with the reason and the options, and tells each step", async () => {
    const { see, press, gone, change } = openDialog({})
    await see("What happens")
    press("abuse", "shift-tab", " ", "tab", "tab", "tab")
    await see("[x] revoke", "[ Suspend ]")
    await gone("reading again")
    press("enter")
    await see("suspended alice: ✓ status  ✓ audit (trace 7d1e…)")
    expect(change.mock.calls.map(call => call[1])).toEqual([{ ...input, revoke_keys: true, reason: "abuse" }])
    press("x")
    await gone("✓ status")
  })

  test("pressed twice it is done once, and Esc does not lose it meanwhile", async () => {
    const answer = later<typeof done>()
    const { see, press, change } = openDialog({ change: () => answer.promise })
    await see("What happens")
    press("tab", "tab", "enter", "enter")
    await see("in progress…")
    press("esc")
    await see("cannot be undone", "What happens")
    answer.resolve(done)
    await see("✓ status")
    expect(change).toHaveBeenCalledTimes(1)
  })
})

test("an option is asked about anew, and an older answer never stands for a newer question", async () => {
  const slow = later<Preview>()
  const plain = later<Preview>()
  const answers = { true: slow.promise, undefined: plain.promise }
  const asked = (_: unknown, { revoke_keys }: { revoke_keys?: true }) => answers[`${revoke_keys}`]
  const { see, press, gone, lines } = openDialog({ preview: asked })
  plain.resolve(preview({ effects: ["2 keys keep working"] }))
  await see("2 keys keep working")
  press("shift-tab", " ")
  await see("[x] revoke", "reading the preview again…", "the preview is still being read")
  press(" ")
  await see("[ ] revoke")
  await gone("reading again")
  slow.resolve(preview({ effects: ["2 keys are revoked"] }))
  await slow.promise
  press("tab", "abuse")
  await see("abuse")
  expect(lines().join("\n")).toContain("2 keys keep working")
  expect(lines().join("\n")).not.toContain("2 keys are revoked")
})

test("keys from before the dialog was drawn are dropped, whatever they are, and that is said", async () => {
  const { see, press, change, lines } = openDialog({})
  press("abuse\t\t\r")
  await see("What happens", "pressed before this was on the screen: ignored")
  expect(lines().join("\n")).not.toContain("abuse")
  press("later", "tab", "tab", "enter")
  await see("✓ status")
  expect(change.mock.calls[0]?.[1]).toMatchObject({ reason: "later" })
})

test("keys from before its effects were drawn never confirm, though these are there by their turn", async () => {
  const effects = later<Preview>()
  const { see, press, change } = openDialog({ preview: () => effects.promise })
  await see("reading the preview")
  press(`abuse${"\t".repeat(4 * 20 + 2)}\r`)
  effects.resolve(preview())
  await see("What happens", "reason (optional)  abuse", "pressed before the effects were on the screen")
  expect(change).not.toHaveBeenCalled()
  press("enter")
  await see("✓ status")
  expect(change).toHaveBeenCalledOnce()
})

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
