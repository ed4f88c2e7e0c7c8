import { expect, test } from "vitest"
import type { Binding } from "../../../src/ui/keys/binding.ts"
import { gatewayScreen } from "../../../src/ui/screens/gateway/gateway-screen.tsx"
import { destinations, screens } from "../../../src/ui/screens/index.ts"
import { globalBindings } from "../../../src/ui/shell/global-bindings.ts"

const all: readonly Binding<never>[] = [
  ...globalBindings(screens),
  ...[...screens, ...Object.values(destinations)].flatMap(({ bindings, pane }) => [
    ...bindings,
    ...(pane?.bindings ?? []),
  ]),
]

/** A letter that changes something is a capital; of these two move, one tells the command line, one only proposes, and one reads what is recorded. */
const HARMLESS = ["G", "N", "Y", "T", "M"]
/** What is written down of an incident changes nothing on the platform. */
const OF_INCIDENTS = ["incident", "begin", "end incident", "pin", "unpin"]

test("every key that changes something says so, or it could be pressed where nothing may be changed", () => {
  const silent = all.filter(({ keys, changes }) => /^[A-Z]$/.test(keys[0]) && !changes)
  const harmful = silent.filter(({ keys, label }) => !HARMLESS.includes(keys[0]) && !OF_INCIDENTS.includes(label))
  expect(harmful.map(({ keys, label }) => [keys[0], label])).toEqual([])
  const edits = all.filter(({ label }) => label === "edit" || label === "test")
  expect(edits.filter(({ keys, changes }) => keys[0] !== "enter" && !changes)).toEqual([])
  // Elsewhere it saves to a file.
  expect(gatewayScreen.bindings.find(({ keys }) => keys[0] === "ctrl-s")?.changes).toBe(true)
})
