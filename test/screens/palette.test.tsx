import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { bind, defineBindings } from "../../src/ui/keys/binding.ts"
import { paletteScreen } from "../../src/ui/shell/palette.tsx"
import { MemoryProvider, type Shell, ShellProvider } from "../../src/ui/shell/shell-context.ts"

afterEach(cleanup)

test("what is chosen is done to the screen below as it is by then", async () => {
  const read: string[] = []
  const bindings = defineBindings<{ row: string }>([
    { keys: ["enter"], label: "detail", run: ({ row }) => void read.push(row) },
  ])
  let row = "the newest when the palette was drawn"
  const below = () => ({ screen: undefined, keys: bind(bindings, { row }), everywhere: [] })
  const shell = { below, back: () => {} } as unknown as Shell
  let enter = () => {}
  const Screen = () => {
    const view = paletteScreen.useView(undefined, { columns: 80, rows: 20 })
    enter = () => view.keys.find(key => key.keys.includes("enter"))?.press()
    return view.body
  }
  const { lastFrame } = render(
    <ShellProvider value={shell}>
      <MemoryProvider value={new Map()}>
        <Screen />
      </MemoryProvider>
    </ShellProvider>,
  )
  await vi.waitUntil(() => lastFrame()?.includes("detail"))
  row = "the newest now"
  enter()
  expect(read).toEqual(["the newest now"])
})
