import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { ValueStore } from "../../src/domain/store.ts"
import type { Chord } from "../../src/ui/keys/chord.ts"
import type { Destinations } from "../../src/ui/kit/destinations.ts"
import type { ScreenView } from "../../src/ui/kit/screen.ts"
import { MemoryProvider, type Shell, ShellProvider } from "../../src/ui/kit/shell.ts"
import { entryScreen } from "../../src/ui/screens/log/entry-screen.tsx"
import { ALICE, entry, linesOf } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const ACME = "22222222-2222-4333-8444-555555555555"

test("one entry whole: what it means first, then every field as the stream holds it", async () => {
  const inspection: Destinations["entry"] = {
    ordinal: 0,
    pivoting: { last: { current: undefined }, take: () => {} },
    entry: entry(420, { path: `/${"x".repeat(80)}`, status: "503", user_id: ALICE, org_id: ACME }),
    pairs: [
      ["path", `/${"x".repeat(80)}`],
      ["status", "503"],
      ["status", "200"],
      ["note", "\x1b]0;owned\x07"],
      ["empty", ""],
    ],
  }
  const shell = {
    names: {
      states: new ValueStore({
        byId: new Map([
          [ALICE, "Alice Liddell"],
          [ACME, "Acme"],
        ]),
        trouble: undefined,
      }),
      request: () => {},
    },
    incidents: { states: new ValueStore(null) },
    tail: { seenFrom: () => new Promise(() => {}) },
  } as unknown as Shell
  const memory = new Map()
  const open = (rows: number, shown = inspection) => {
    let view: ScreenView | undefined
    const Screen = () => {
      view = entryScreen.useView(shown, { columns: 80, rows })
      return view.body
    }
    const { lastFrame } = render(
      <ShellProvider value={shell}>
        <MemoryProvider value={memory}>
          <Screen />
        </MemoryProvider>
      </ShellProvider>,
    )
    return { lastFrame, press: (chord: Chord) => view?.keys.find(({ keys }) => keys.includes(chord))?.press() }
  }
  const { lastFrame } = open(20)
  await until(() => lastFrame() !== undefined)
  expect(linesOf(lastFrame())).toMatchInlineSnapshot(`
    [
      " Entry 1700000000420-0                                  2023-11-14 22:13:20.420",
      " GET /xxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxx  503 in 42 ms   risk 0.05",
      "",
      "   trace            4f3a00000000000000000000000000aa",
      "   client           203.0.113.7  Frankfurt, DE",
      "   agent            human  Mozilla/5.0",
      "   identity         jwt",
      "   user             Alice Liddell  8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f",
      "   organization     Acme  22222222-2222-4333-8444-555555555555",
      "",
      " All fields, as stored in the stream",
      "   path             /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "                    xxxxxxxxxxxxxxxxxxxxxx",
      "   status           503",
      "   status           200",
      "   note             \\x1b]0;owned\\x07",
      "   empty            -",
    ]
  `)
  const small = open(8)
  await until(() => small.lastFrame()?.includes("Entry"))
  small.press("G")
  await until(() => small.lastFrame()?.includes("empty"))
  cleanup()
  const again = open(8)
  await until(() => again.lastFrame() !== undefined)
  expect(again.lastFrame()).toContain("empty")
  cleanup()
  memory.clear()
  const anonymous = open(20, { ...inspection, entry: entry(420, { identity_type: "anonymous" }) })
  const told = "anonymous  (as most requests by API keys are logged)"
  await until(() => anonymous.lastFrame()?.includes(told))
})
