import { expect, test, vi } from "vitest"
import { show } from "../../src/domain/safe-text.ts"
import { defineBindings } from "../../src/ui/keys/binding.ts"
import { ValueStore } from "../../src/ui/live/store.ts"
import { useStore } from "../../src/ui/live/use-store.ts"
import { defineScreen, type ScreenModel } from "../../src/ui/screen/screen.ts"
import { Line, piece } from "../../src/ui/widgets/line.tsx"
import { openConsole } from "../support/test-console.tsx"

/** A screen that writes down what is done, in its own words. */
const writing = (log: string[], ...keys: (readonly [key: string, label: string])[]) =>
  defineScreen({
    id: "writing",
    title: "Writing",
    summary: "writes down what is done",
    digit: "1",
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
  await see("Go to, or do", "▌ suspend")
  const names = lines().flatMap(line => /│ [▌ ] (.+?) {2}/.exec(line)?.[1] ?? [])
  expect(names).toEqual(["suspend", "help", "leave", "to the shell", "Writing"])
  press("susp", "enter")
  await vi.waitFor(() => expect(log).toEqual(["suspend"]))
})

test("where there is nothing to search, what is typed behind / is no command, up to the next Enter, Esc or control key", async () => {
  const log: string[] = []
  const { see, press, gone } = openConsole([writing(log, ["a", "activate"], ["enter", "open"])], {})
  press("/", "a", "a", "enter")
  await see("search: there is nothing to search on this screen")
  press("ctrl-r", "a")
  await gone("nothing to search")
  await vi.waitFor(() => expect(log).toEqual(["activate"]))
})

test("what is chosen is done to the screen below as it is by then", async () => {
  const read: string[] = []
  const rows = new ValueStore("the newest when the palette was drawn")
  const live = defineScreen<void, ScreenModel & { row: string }>({
    id: "live",
    title: "Live",
    summary: "goes on",
    digit: "1",
    bindings: defineBindings<{ row: string }>([
      { keys: ["enter"], label: "detail", run: ({ row }) => void read.push(row) },
    ]),
    useModel: () => ({ row: useStore(rows) }),
    Body: ({ model }) => <Line pieces={[piece(show(model.row))]} columns={60} />,
  })
  const { see, gone, press } = openConsole([live], {})
  press(":")
  await see("Go to, or do")
  press("detail")
  await see(": detail", "▌ detail")
  rows.set("the newest now")
  await see("the newest now")
  press("enter")
  await gone("Go to, or do")
  expect(read).toEqual(["the newest now"])
})
