import { expect, test } from "vitest"
import { show } from "../../src/domain/safe-text.ts"
import { defineBindings } from "../../src/ui/keys/binding.ts"
import { ValueStore } from "../../src/ui/live/store.ts"
import { useStore } from "../../src/ui/live/use-store.ts"
import { defineScreen, type ScreenModel } from "../../src/ui/screen/screen.ts"
import { Line, piece } from "../../src/ui/widgets/line.tsx"
import { openConsole } from "../support/test-console.tsx"

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
