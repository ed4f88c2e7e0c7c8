import { cleanup } from "ink-testing-library"
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest"
import { z } from "zod"
import { DeckError } from "../../src/domain/errors.ts"
import type { Replica } from "../../src/domain/replica.ts"
import { defineChange } from "../../src/services/operation.ts"
import { defineBindings } from "../../src/ui/keys/binding.ts"
import { changeDialog } from "../../src/ui/kit/change/change-dialog.tsx"
import { editScreen } from "../../src/ui/kit/form/edit.tsx"
import { defineScreen, type ScreenModel } from "../../src/ui/kit/screen.ts"
import { type Shell, useShell } from "../../src/ui/kit/shell.ts"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { batchMadeScreen } from "../../src/ui/screens/codes/batch-made.tsx"
import { changeUser, preview } from "../support/fake-changes.ts"
import { openConsole } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

afterEach(cleanup)

const mailChange = defineChange({
  words: ["email", "set"],
  summary: "",
  input: z.object({
    host: z.string().meta({ label: "host" }),
    pass: z.string().meta({ label: "password", secret: true }),
  }),
  answer: z.null(),
  preview: () => Promise.reject(new Error("the deck is a fake")),
  run: () => Promise.reject(new Error("the deck is a fake")),
})

const code = {
  id: "1",
  code: "ABCD-EFGH-JKLM-NPQR",
  type: "credit",
  value: "100",
  max_uses: 1,
  use_count: 0,
  expires_at: null,
  is_active: true,
  batch_id: "spring",
  created_by_user_id: "1",
  created_at: "2026-01-01T00:00:00Z",
}

/** A screen with a key that changes something, one that does not, and ways to what is to be forgotten. */
const screen = defineScreen<void, ScreenModel & { shell: Shell }>({
  id: "people",
  title: "People",
  summary: "",
  tabKey: "1",
  bindings: defineBindings<{ shell: Shell }>([
    {
      keys: ["S"],
      label: "suspend",
      footer: true,
      changes: true,
      run: ({ shell }) => shell.push(changeDialog, { change: changeUser, input: { id: "8f2c", status: "suspended" } }),
    },
    {
      keys: ["e"],
      label: "edit",
      run: ({ shell }) =>
        shell.push(editScreen, { title: "mail", change: mailChange, input: {}, fields: ["host", "pass"], seen: {} }),
    },
    {
      keys: ["b"],
      label: "batch",
      run: ({ shell }) => shell.push(batchMadeScreen, { batch_id: "spring", data: [code] }),
    },
  ]),
  useModel: () => ({ shell: useShell() }),
  Body: () => null,
})

function open(
  readOnly?: "option" | "profile",
  prove: (secret: string) => Promise<void> = async () => {},
  replica?: Replica,
) {
  const guard = new ChangeGuard({ environment: "PROD-EU", ...(readOnly && { readOnly }) }, prove)
  guard.heed(replica)
  const done = { answer: null, steps: [{ what: "status" }] }
  const changed = vi.fn()
  const repair = vi.fn(async () => ({ steps: [] }))
  const change = async () => {
    await guard.admit()
    changed()
    return done
  }
  const terminal = openConsole([screen], { preview: async () => preview(), change, repair }, undefined, { guard })
  return { ...terminal, guard, changed, repair }
}

describe("read-only", () => {
  test("a key that changes something says why it cannot, until the environment's name is typed", async () => {
    const noted = vi.spyOn(console, "info").mockReturnValue()
    onTestFinished(() => noted.mockRestore())
    const { see, press, gone } = open("profile")
    await see("S suspend", "^X unlock")
    press("S")
    await see("suspend: read-only, ^X unlocks it")
    press("\x18")
    await see("Unlock PROD-EU")
    press("prod-eu", "enter")
    await see("type PROD-EU to unlock it")
    press("\x15", "PROD-EU", "enter")
    await see("changes are possible now", "^X lock again")
    press("S")
    await see("Suspend alice on PROD-EU")
    press("esc")
    await gone("Suspend alice")
    press("\x18")
    await see("^X unlock")
    press("S")
    await see("suspend: read-only")
  })

  test("what the command line says is not unlocked", async () => {
    const { see, press } = open("option")
    await see("S suspend")
    press("S")
    await see("suspend: opsdeck was started with --read-only")
    press("\x18")
    await see("unlock: opsdeck was started with --read-only")
  })

  test("on a replica a key says where changes are made, and works as soon as it is promoted", async () => {
    const { see, press, guard, frame } = open(undefined, undefined, { lagS: 0, follows: "10.0.0.1:5432" })
    await see("S suspend")
    press("S")
    await see("suspend: PostgreSQL here is a replica of 10.0.0.1:5432: changes are made there")
    guard.heed(undefined)
    await eventually(() => {
      press("S")
      expect(frame()).toContain("Suspend alice on PROD-EU")
    })
  })

  test("how a change ended that nobody could say is said once it is known", async () => {
    const { see, guard } = open()
    await see("S suspend")
    const lostAt = Date.parse("2026-01-01T12:51:03Z")
    guard.learn({ isSaved: true, lostAt })
    await see("saved after all: the change whose answer was lost at 12:51:03")
    guard.learn({ isSaved: false, lostAt })
    await see("not saved: the change whose answer was lost at 12:51:03; it can be made again")
  })

  test("where nothing is read-only there is nothing to unlock", async () => {
    const { see, frame } = open()
    await see("S suspend")
    expect(frame()).not.toContain("unlock")
  })
})

describe("left alone", () => {
  test("dialogs close, and the next change waits for the operator, not for anybody else", async () => {
    const prove = vi.fn(async (secret: string) => {
      if (secret !== "hunter2") throw new DeckError("forbidden", "sign-in refused")
    })
    const { see, press, gone, guard, changed, frame } = open(undefined, prove)
    await see("S suspend")
    press("S")
    await see("What happens")
    guard.becomeIdle()
    await see("idle: dialogs were closed")
    await gone("What happens")

    press("S")
    await see("[ Cancel ]")
    press("tab", "tab")
    await see("[ Suspend ]")
    press("enter")
    await see("Continue as root on PROD-EU")
    press("wrong")
    await see("•••••")
    expect(frame()).not.toContain("wrong")
    press("enter")
    await see("sign-in refused", "Only root can continue here.")
    expect(changed).not.toHaveBeenCalled()
    press("hunter2", "enter")
    await see("✓ status")
    expect(changed).toHaveBeenCalledOnce()
    expect(prove.mock.calls).toEqual([["wrong"], ["hunter2"]])
  })

  test("nothing is changed where nobody says who they are, and what was filled in is kept", async () => {
    const { see, press, gone, guard, changed } = open()
    await see("S suspend")
    guard.becomeIdle()
    await see("idle")
    press("S")
    await see("[ Cancel ]")
    press("stuffing", "tab", "tab")
    await see("[ Suspend ]")
    press("enter")
    await see("Continue as root")
    press("esc")
    await see("nothing was changed: your identity was not confirmed", "stuffing")
    await gone("Continue as root")
    expect(changed).not.toHaveBeenCalled()
  })

  test("a form keeps what was typed and forgets the password", async () => {
    const { see, press, guard, gone } = open()
    await see("S suspend")
    press("e")
    await see("Edit mail")
    press("smtp.example.com", "tab", "secret")
    await see("smtp.example.com", "••••••")
    guard.becomeIdle()
    await gone("••••••")
    await see("smtp.example.com")
  })

  test("codes that are told once are hidden, not lost; also while something else is on top of them", async () => {
    const { see, press, guard, gone } = open()
    await see("S suspend")
    press("b")
    await see(code.code)
    guard.becomeIdle()
    await gone(code.code)
    await see("v shows them")
    press("v")
    await see(code.code)
    press("?")
    await see("Help")
    guard.becomeIdle()
    await gone("Help")
    await gone(code.code)
  })
})
