import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { Preview } from "../../src/services/operation.ts"
import { openDialog } from "../support/change-dialog.ts"
import { later, preview } from "../support/fake-changes.ts"

afterEach(cleanup)

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
