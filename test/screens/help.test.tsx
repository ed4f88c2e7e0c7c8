import { Text } from "ink"
import { useReducer } from "react"
import { expect, test } from "vitest"
import { ValueStore } from "../../src/domain/store.ts"
import { defineBindings } from "../../src/ui/keys/binding.ts"
import type { Chord } from "../../src/ui/keys/chord.ts"
import { KeyMap } from "../../src/ui/keys/key-map.ts"
import { defineScreen } from "../../src/ui/kit/screen.ts"
import { useStore } from "../../src/ui/runtime/use-store.ts"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { openConsole } from "../support/test-console.tsx"

const nobody = { run: async () => ({ data: [], next_cursor: null }) }

async function openHelp(rows = 24, keyMap = new KeyMap()) {
  const console = openConsole([usersScreen], nobody, { columns: 80, rows }, { keyMap })
  await console.see("Nothing here yet")
  console.press("?")
  await console.see("Help: Users")
  return console
}

test("/ finds keys by what they do, and by their name; Esc shows all again, and then closes", async () => {
  const { press, see, gone, body } = await openHelp()
  press("/", "reads page")
  await see("/ reads page", "reads the next page")
  await gone("Everywhere")
  press("enter")
  await see("Esc show all")
  expect(body().filter(line => line.includes("│ "))).toHaveLength(3)
  press("/")
  for (let letter = 0; letter < "reads page".length; letter++) press("backspace")
  press("ctrl-r")
  await gone("^R")
})

test("at 80x24 its first page is what this screen does, then what is opened from it, then what others do too", async () => {
  const { press, see, gone, body } = await openHelp(19)
  expect(body().join("\n")).toMatch(
    /On this screen .*│ v +step through.*│ User, opened from here .*│ K +revoke all API keys of this user/s,
  )
  press("G")
  await see("leave opsdeck, from anywhere")
  press("/", "filter as")
  await gone("leave opsdeck, from anywhere")
  press("enter")
  await see("As on other screens", "filter as you type")
})

test("a screen's other pane is listed with it, and the screen beside the pane that has the keyboard", async () => {
  const inner = defineBindings<{ turn: () => void }>([
    { keys: ["v"], label: "unfold", help: "unfold it", run: ({ turn }) => turn() },
  ])
  const outer = defineBindings<{ turn: () => void }>([
    { keys: ["tab"], label: "other pane", help: "to the pane", run: ({ turn }) => turn() },
    { keys: ["k"], label: "up", help: "one up", common: true, run: () => {} },
  ])
  const paned = defineScreen({
    id: "paned",
    title: "Paned",
    summary: "has a pane",
    tabKey: "1",
    bindings: outer,
    pane: { scope: "beside", title: "Beside it", bindings: inner, hasKeyboard: model => model.isInPane },
    useModel: () => {
      const [isInPane, turn] = useReducer((is: boolean) => !is, false)
      return { isInPane, turn }
    },
    Body: () => <Text>Two panes</Text>,
  })
  const keyMap = new KeyMap({ value: { "beside.unfold": "U" }, label: "keys" })
  const { press, see, gone, lines } = openConsole([paned], nobody, { columns: 80, rows: 40 }, { keyMap })
  const texts = () =>
    lines()
      .flatMap(line => /│ (.*?) +│/.exec(line)?.[1] ?? [])
      .filter(text => text !== "")
  await see("Two panes")
  press("?")
  await see("Help: Paned")
  expect(texts().slice(0, 6)).toEqual([
    "On this screen",
    expect.stringMatching(/^Tab +to the pane/),
    "Beside it",
    expect.stringMatching(/^U +unfold it/),
    "As on other screens",
    expect.stringMatching(/^k +one up/),
  ])
  press("esc")
  await gone("Help: Paned")
  press("tab", "?")
  await see("Help: Paned", "to the pane")
  expect(texts().slice(0, 4)).toEqual([
    "Beside it",
    expect.stringMatching(/^U +unfold it/),
    "Paned",
    expect.stringMatching(/^Tab +to the pane/),
  ])
})

test("what nothing has is said; Esc leaves the field, then the help", async () => {
  const { press, see, gone } = await openHelp()
  press("/", "qqq")
  await see("Nothing matches.")
  press("esc")
  await see("On this screen")
  press("esc")
  await gone("Help: Users")
})

test("what a screen explains beside its keys stands behind them, each part below its title, and is found", async () => {
  const explaining = defineScreen({
    id: "explaining",
    title: "Explaining",
    summary: "explains",
    tabKey: "1",
    bindings: [],
    topics: [
      { title: "What to type", entries: [["status:5xx", "what failed"]] },
      { title: "What figures mean", entries: [["~0.4", "at most so many"]] },
    ],
    useModel: () => ({}),
    Body: () => <Text>Is all clear?</Text>,
  })
  const { press, see, gone } = openConsole([explaining], nobody, { columns: 80, rows: 24 })
  await see("Is all clear?")
  press("?")
  await see("Help: Explaining", "What to type", "what failed", "What figures mean", "at most so many")
  press("/", "figures")
  await gone("What to type")
  await see("at most so many")
})

test("over a live screen its lines stay where they are, and a page goes on where the one before ended", async () => {
  const rows = new ValueStore(1)
  const numbers = Array.from({ length: 40 }, (_, n) => n + 1)
  const live = defineScreen<void, { read: number }>({
    id: "live",
    title: "Live",
    summary: "goes on",
    tabKey: "1",
    bindings: numbers.map(n => ({
      keys: [`f${n}` as Chord],
      label: `key ${n}`,
      possible: ({ read }) => read === 1 || "not for the row that is the newest one by now, but for others",
      run: () => {},
    })),
    useModel: () => ({ read: useStore(rows) }),
    Body: ({ model }) => <Text>Rows: {model.read}</Text>,
  })
  const { press, see, lines } = openConsole([live], nobody, { columns: 80, rows: 24 })
  const keys = () =>
    lines()
      .flatMap(line => /key (\d+)/.exec(line)?.[1] ?? [])
      .map(Number)
  await see("Rows: 1")
  press("?")
  await see("Help: Live", "key 10")
  const first = keys()
  rows.set(2)
  await see("Rows: 2")
  expect(keys()).toEqual(first)
  press("pagedown")
  await see("key 20")
  expect(keys()[0]).toBe(first.at(-1))
})

test("at 80x24 all of it can be scrolled to", async () => {
  const { press, see } = await openHelp(19)
  await see("more")
  press("G")
  await see("The key of the tab that you are in")
})

test("it tells the operator's own keys, and they are the ones that work", async () => {
  const value = { "users.refresh": "ctrl-o", "everywhere.help": ["?", "H"] }
  const { press, see, gone } = await openHelp(42, new KeyMap({ value, label: "keys" }))
  await see("^O", "? H")
  press("esc")
  await gone("Help: Users")
  await see("^O refresh")
  press("H")
  await see("Help: Users")
})
