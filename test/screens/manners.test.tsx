import { Text } from "ink"
import { cleanup } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { shown } from "../../src/domain/safe-text.ts"
import { changeDialog } from "../../src/ui/kit/change/change-dialog.tsx"
import { askScreen } from "../../src/ui/kit/dialog/ask.tsx"
import { defineScreen } from "../../src/ui/kit/screen.ts"
import type { Shell } from "../../src/ui/kit/shell.ts"
import { timeScreen } from "../../src/ui/screens/log/time.tsx"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { changeUser, preview } from "../support/fake-changes.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

afterEach(cleanup)

const HINT = "Q does nothing here; ? lists the keys"

test("a key that does nothing says so once, until another one that does something", async () => {
  const { press, see } = openConsole([opening(shell => shell.say(shown`opened`))], {})
  press("Q")
  await see(HINT)
  press("L")
  await see("L does nothing here")
  press("o")
  await see("opened")
  press("L")
  await see("L does nothing here")
  press("Q")
  await see(HINT)
})

test("in a dialog it does not name the help, which is not to be had there", async () => {
  const { press, see, gone } = openConsole([opening(shell => shell.push(askScreen, QUESTION))], {})
  press("o")
  await see("Discard changes?")
  press("Q")
  await see("Q does nothing here")
  await gone("lists the keys")
})

test("text that is typed into a field is never told to do nothing", async () => {
  const nobody = { run: async () => ({ data: [], next_cursor: null }) }
  const { press, see, frame } = openConsole([usersScreen], nobody)
  await see("Nothing here yet")
  press("/", "Q", "pageup", "tab")
  await see("/ Q")
  expect(frame()).not.toContain("no action")
})

const run = vi.fn()
const QUESTION = {
  title: "Discard changes?",
  text: "What you changed is lost: name.",
  stay: "Keep",
  go: "Discard",
  run,
}

test("a question that loses nothing for good is answered with y or n, which stand below it", async () => {
  const { press, see, gone } = openConsole([opening(shell => shell.push(askScreen, QUESTION))], {})
  press("o")
  await see("Discard changes?", "y discard  n keep  Enter keep")
  press("n")
  await gone("Discard changes?")
  expect(run).not.toHaveBeenCalled()
  press("o")
  await see("Discard changes?")
  press("y")
  await gone("Discard changes?")
  expect(run).toHaveBeenCalledOnce()
})

/** A console whose terminal has not taken the frame until `drawn` is called. */
function overSlowTerminal(open: (shell: Shell) => void) {
  const waiting: (() => void)[] = []
  const whenDrawn = (done: () => void) => void waiting.push(done)
  const deck = { preview: async () => preview() }
  const console = openConsole([opening(open)], deck, undefined, { whenDrawn })
  return { ...console, drawn: () => waiting.splice(0).forEach(done => void done()) }
}

test("a dialog that changes something hears no key until the terminal has taken its frame", async () => {
  const params = { change: changeUser, input: { id: "8f2c", status: "suspended" } }
  const { press, see, gone, drawn, frame } = overSlowTerminal(shell => shell.push(changeDialog, params))
  press("o")
  await see("What happens")
  press("early", "\x1b[200~pasted\x1b[201~", "esc")
  await see("pressed before this was on the screen: ignored")
  expect(frame()).not.toMatch(/early|pasted/)
  drawn()
  press("abuse")
  await see("reason (optional)  abuse")
  press("esc", "esc")
  await gone("What happens")
})

test("a dialog that only finds something takes what was typed ahead", async () => {
  const go = vi.fn()
  const { press } = overSlowTerminal(shell => shell.push(timeScreen, { go }))
  press("o14:02\r")
  await eventually(() => expect(go).toHaveBeenCalledOnce())
})

test("the key of a tab leads from what was opened there back to its own screen, where it does nothing", async () => {
  const inner = defineScreen({
    id: "inner",
    title: "Inner",
    summary: "one of them",
    bindings: [],
    useModel: () => ({}),
    Body: () => <Text>one of them</Text>,
  })
  const { press, see, gone } = openConsole([opening(shell => shell.push(inner, undefined))], {})
  press("o")
  await see("one of them")
  press("1")
  await gone("one of them")
  press("1", "o")
  await see("one of them")
})
