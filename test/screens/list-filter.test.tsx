import { expect, test } from "vitest"
import type { Screen } from "../../src/ui/kit/screen.ts"
import { InputHistory } from "../../src/ui/runtime/input-history.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { ALICE, run } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

/** Runs and users over a deck that remembers which filters it was asked for. */
function openLists(history = new InputHistory(), columns = 100, first: Screen = runsScreen) {
  const asked: (string | undefined)[] = []
  const deck = {
    run: async ({ words }: { words: readonly string[] }, { filter }: { filter?: string }) => {
      asked.push(filter)
      return { data: words[0] === "runs" ? [run()] : [], next_cursor: null }
    },
  }
  const size = { columns, rows: 12 }
  return {
    asked,
    ...openConsole(
      [first, runsScreen, usersScreen].filter((screen, at, all) => all.indexOf(screen) === at) as [Screen],
      deck as never,
      size,
      { inputHistory: history },
    ),
  }
}

test("runs are filtered as one types, with completion, and the line says by what", async () => {
  const { asked, see, press, body, gone } = openLists()
  await see("1 shown", "/ no filter · status: user: org: parent: model: error: cost> dur> tokens> since:")
  press("/")
  await see("   status: user: org: parent: model: error: cost> dur> tokens> since:")
  press("st")
  await see("   status:")
  press("tab", "f")
  await see("/ status:f", "   failed")
  press("tab")
  await see("/ status:failed")
  await until(() => asked.at(-1) === "status:failed")
  press("since:1d", "enter")
  await gone("user: org:")
  await until(() => asked.at(-1) === "status:failed since:1d")
  await see("1 shown")
  expect(body()[1]).toBe(" / status:failed since:1d")
  press("v")
  await see("/ since:1d status:cancelled")
  press("+")
  await see("Only this")
  press("enter")
  await see(`/ since:1d status:cancelled user:${ALICE}`, "user alice")
  press("x")
  await see("/ no filter")
  await until(() => asked.at(-1) === undefined)
})

test("values that the rows have are completed as those of a closed set are", async () => {
  const { see, press, gone } = openLists()
  await see("1 shown")
  press("/", "model:")
  await see("   routed")
  press("tab")
  await see("/ model:routed")
  press("user:")
  await see("   alice")
  press("tab", "enter")
  await see("/ model:routed user:alice")
  await gone("   alice")
})

test("what is said of a list without rows is true while its filter is typed", async () => {
  const { see, press, gone } = openLists(undefined, 100, usersScreen)
  await see("Nothing here yet.")
  press("/", "nobody")
  await see("Nothing matches nobody", "Esc restores the filter before.")
  press(" status:")
  await see("Nothing matches nobody", "What is typed now is not a filter yet.")
  press("suspended", "enter")
  await see("Nothing matches nobody status:suspended", "x drops the filter.")
  await gone("Esc restores")
})

test("Esc takes a list's filter back, and ↑ recalls it", async () => {
  const { asked, see, press } = openLists()
  await see("1 shown")
  press("/", "status:failed", "enter")
  await see("/ status:failed")
  press("v")
  await see("/ status:cancelled")
  press("esc")
  await see("/ no filter")
  await until(() => asked.at(-1) === undefined)
  press("/", "up")
  await see("/ status:cancelled")
})

test("Esc on a list that was opened with a filter goes back to that, then leaves the list", async () => {
  const first = opening(shell => shell.open("runsOf", { user_id: ALICE }))
  const { see, press, gone } = openLists(undefined, 100, first)
  press("o")
  await see(`/ user:${ALICE}`, "1 shown")
  press("v")
  await see(`/ user:${ALICE} status:running`)
  press("esc")
  await gone("status:running")
  await see(`/ user:${ALICE}`)
  press("esc")
  await gone(`user:${ALICE}`)
})

test("a mistake is said below its place while the rows stay; Enter keeps the field, and nothing typed is lost", async () => {
  const { asked, see, press, body } = openLists()
  await see("1 shown")
  press("/", "status:failed")
  await until(() => asked.at(-1) === "status:failed")
  press(" stauts:x")
  await see("did you mean status?")
  expect(body().slice(1, 3)).toMatchInlineSnapshot(`
    [
      " / status:failed stauts:x",
      "                 ^ no filter is called "stauts": did you mean status?",
    ]
  `)
  press("enter")
  await see("did you mean status?", "▌")
  expect(asked.at(-1)).toBe("status:failed")
  press("esc")
  await see("/ no filter")
})

test("what was typed comes back with ↑, where it is a filter of this list", async () => {
  const history = new InputHistory()
  history.add("search", "status:failed since:1d")
  history.add("search", "alice status:suspended")
  const { see, press } = openLists(history)
  await see("1 shown")
  press("/", "up")
  await see("/ status:failed since:1d")
})

test("at 60 columns a mistake has the lines that it needs", async () => {
  const { see, press, lines } = openLists(new InputHistory(), 60)
  await see("1 shown")
  press("/", "since:never")
  await see("since: expected an age")
  expect(lines().slice(2, 6)).toMatchInlineSnapshot(`
    [
      "         ^",
      "   since: expected an age such as 90m, 12h, 30d or 2w, a",
      "   day such as today or 2026-03-01, or a time such as",
      "   2026-03-01T12:00:00Z, as in since:1d",
    ]
  `)
})
