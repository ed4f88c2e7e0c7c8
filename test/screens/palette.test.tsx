import { expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { show } from "../../src/domain/safe-text.ts"
import { ValueStore } from "../../src/domain/store.ts"
import { defineBindings } from "../../src/ui/keys/binding.ts"
import { defineScreen, type ScreenModel } from "../../src/ui/kit/screen.ts"
import { InputHistory } from "../../src/ui/runtime/input-history.ts"
import { useStore } from "../../src/ui/runtime/use-store.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { Line, piece } from "../../src/ui/widgets/line.tsx"
import { openConsole } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

/** A screen that writes down what is done, in its own words. */
const writing = (log: string[], ...keys: (readonly [key: string, label: string])[]) =>
  defineScreen({
    id: "writing",
    title: "Writing",
    summary: "writes down what is done",
    tabKey: "1",
    bindings: defineBindings<ScreenModel>(
      keys.map(([key, label]) => ({ keys: [key], label, run: () => void log.push(label) })),
    ),
    useModel: () => ({}),
    Body: () => null,
  })

test("the screen's own commands come first, each name once; moving about is none", async () => {
  const log: string[] = []
  const { see, press, lines } = openConsole([writing(log, ["S", "suspend"])], {})
  press(":")
  await see("Go to a screen, or run an action", "▌ suspend")
  const names = lines().flatMap(line => /│ [▌ ] (.+?) {2}/.exec(line)?.[1] ?? [])
  expect(names).toEqual([
    "suspend",
    "help",
    "leave",
    "share",
    "alerts",
    "holds",
    "cost by user",
    "incident",
    "local times",
    "leave opsdeck",
    "to the shell",
    "Writing",
  ])
  press("susp", "enter")
  await eventually(() => expect(log).toEqual(["suspend"]))
})

test("where there is nothing to search, what is typed behind / is no command, up to the next Enter, Esc or control key", async () => {
  const log: string[] = []
  const { see, press, gone } = openConsole([writing(log, ["a", "activate"], ["enter", "open"])], {})
  press("/", "a", "a", "enter")
  await see("search: there is nothing to search on this screen")
  press("ctrl-r", "a")
  await gone("nothing to search")
  await eventually(() => expect(log).toEqual(["activate"]))
})

test("what is chosen is done to the screen below as it is by then", async () => {
  const read: string[] = []
  const rows = new ValueStore("the newest when the palette was drawn")
  const live = defineScreen<void, ScreenModel & { row: string }>({
    id: "live",
    title: "Live",
    summary: "goes on",
    tabKey: "1",
    bindings: defineBindings<{ row: string }>([
      { keys: ["enter"], label: "detail", run: ({ row }) => void read.push(row) },
    ]),
    useModel: () => ({ row: useStore(rows) }),
    Body: ({ model }) => <Line pieces={[piece(show(model.row))]} columns={60} />,
  })
  const { see, gone, press } = openConsole([live], {})
  press(":")
  await see("Go to a screen, or run an action")
  press("detail")
  await see(": detail", "▌ detail")
  rows.set("the newest now")
  await see("the newest now")
  press("enter")
  await gone("Go to a screen, or run an action")
  expect(read).toEqual(["the newest now"])
})

/** A list whose rows nobody has read yet, and what it was asked for. */
const asked: unknown[] = []
const remembering = (history = new InputHistory()) => {
  asked.length = 0
  const run = async (operation: { words: readonly string[] }, input: Record<string, unknown>) => {
    if (operation.words.join(" ") === "users find") {
      if (input.terms?.toString() !== "alice") throw new DeckError("not_found", `no user is called ${input.terms}`)
      return new Map([["alice", ["8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"]]])
    }
    const { cursor: _, limit: __, ...wanted } = input
    asked.push({ of: operation.words[0], ...wanted })
    return { data: [], next_cursor: null }
  }
  return openConsole([usersScreen, runsScreen], { run: run as never }, undefined, { inputHistory: history })
}

test("what follows the name of a list is its filter, in which a status needs no name", async () => {
  const { see, press, gone } = remembering()
  await see("Nothing here yet")
  press(":")
  await see("Go to a screen, or run an action")
  press("users ali")
  await see("▌ users ali", "part of the username")
  press("enter")
  await see("Nothing matches ali")
  press(":")
  await see("Go to a screen, or run an action")
  press("users susp", "down")
  await see("▌ users suspended")
  press("tab", " bob")
  await see(": users suspended bob", "▌ users suspended bob")
  press("enter")
  await see("Nothing matches bob status:suspended", "/ bob status:suspended")
  press("esc")
  await see("/ ali")
  press(":")
  await see("Go to a screen, or run an action")
  press("runs fa", "enter")
  await see("Nothing matches status:failed")
  await gone("Go to a screen, or run an action")
  expect(asked).toContainEqual({ of: "users", filter: "ali" })
  expect(asked).toContainEqual({ of: "users", filter: "bob status:suspended" })
  expect(asked).toContainEqual({ of: "runs", filter: "status:failed" })
})

test("an argument that means nobody is said to, and the palette stays", async () => {
  const { see, press } = remembering()
  press(":")
  await see("Go to a screen, or run an action")
  press("tre", "enter")
  await see(": tree ")
  press("carol", "enter")
  await see("no user is called carol", ": tree carol")
  press("backspace")
  await see("▌ tree caro")
})

test("it remembers what was done: up at the first line recalls it, down goes back to what was typed", async () => {
  const history = new InputHistory()
  history.add("palette", "users bob")
  history.add("palette", "users alice")
  const { see, press } = remembering(history)
  press(":")
  await see("Go to a screen, or run an action", "history")
  press("ru", "up")
  await see(": users alice")
  press("up")
  await see(": users bob", "▌ users bob")
  press("down", "down")
  await see(": ru", "▌ Runs")
})

test("org says how an organization is reached, and takes nothing but an id", async () => {
  const { see, press } = remembering()
  press(":")
  await see("Go to a screen, or run an action")
  press("org")
  await see("org …", "its id; a user or a run leads to theirs")
  press(" acme")
  await see("▌ org acme")
  press("enter")
  await see('"acme" is no id')
})
