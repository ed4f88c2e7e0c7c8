import { cleanup } from "ink-testing-library"
import { afterEach, describe, expect, test } from "vitest"
import { done, input, openDialog } from "../support/change-dialog.ts"
import { later, preview } from "../support/fake-changes.ts"

afterEach(cleanup)

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

  test("an option that would do nothing says so, is passed by, and is not set", async () => {
    const { see, press, change } = openDialog({
      preview: async () => preview({ notes: { revoke_keys: "they have none" } }),
    })
    await see("[-] revoke the user's API keys as well  they have none")
    press("up")
    await see("Enter suspend", "[-] revoke")
    press("down")
    await see("▌ reason (optional)", "[-] revoke")
    press("tab", "tab", "enter")
    await see("✓ status")
    expect(change.mock.calls[0]?.[1]).toEqual(input)
  })

  test("Esc loses what was typed at the second press only", async () => {
    const { see, press, gone } = openDialog({})
    await see("What happens")
    press("abuse", "esc")
    await see("▌ reason (optional)  abuse", "press again to discard")
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
    await see("suspended alice: ✓ status  ✓ audit 7d1e…")
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
