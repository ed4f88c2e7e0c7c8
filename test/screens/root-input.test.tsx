import { Text } from "ink"
import { cleanup, render } from "ink-testing-library"
import { useReducer, useState } from "react"
import { afterEach, expect, test } from "vitest"
import { bind, defineBindings } from "../../src/ui/keys/binding.ts"
import { useRootInput } from "../../src/ui/keys/root-input.ts"
import { Keyboard } from "../support/keyboard.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

/** `d` opens a door, which only then has the key `f`; that opens a field, which takes text and ends with Enter. */
const bindings = defineBindings<{ door: boolean; field: boolean; go: (to: Partial<State>) => void }>([
  { keys: ["d"], label: "door", run: model => model.go({ door: true }) },
  { keys: ["f"], label: "field", possible: model => model.door, run: model => model.go({ field: true }) },
  { keys: ["enter"], label: "done", inField: true, run: model => model.go({ field: false }) },
])

interface State {
  readonly door: boolean
  readonly field: boolean
}

function House({ keyboard, held = false }: { keyboard: Keyboard; held?: boolean }) {
  const [state, go] = useReducer((now: State, to: Partial<State>) => ({ ...now, ...to }), { door: false, field: false })
  const [text, setText] = useState("")
  useRootInput(
    () => ({
      bound: [bind(bindings, { ...state, go })],
      field: state.field ? { insert: more => setText(now => now + more), keys: [] } : undefined,
    }),
    () => {},
    { input: keyboard.input, held },
  )
  return <Text>{`${text} ${state.field ? "typing" : "done"}`}</Text>
}

test("keys that arrive together each meet what the ones before them opened", async () => {
  const keyboard = new Keyboard()
  const { lastFrame } = render(<House keyboard={keyboard} />)
  await until(() => lastFrame() !== undefined)
  keyboard.press("dfred\rd")
  await until(() => lastFrame()?.endsWith("done") && lastFrame() !== " done")
  expect(lastFrame()).toBe("red done")
})

test("what came in one read with an Alt that does nothing is ignored, what came before and after it is not", async () => {
  const keyboard = new Keyboard()
  const { lastFrame } = render(<House keyboard={keyboard} />)
  await until(() => lastFrame() !== undefined)
  keyboard.press("dfa\x1bjb\r", "c")
  await until(() => lastFrame() === "ac typing")
})

test("keys that come before what they lead to is loaded wait for it", async () => {
  const keyboard = new Keyboard()
  const { lastFrame, rerender } = render(<House keyboard={keyboard} held />)
  await until(() => lastFrame() !== undefined)
  keyboard.press("dfre")
  keyboard.press("d\r")
  rerender(<House keyboard={keyboard} held />)
  expect(lastFrame()).toBe(" done")
  rerender(<House keyboard={keyboard} />)
  await until(() => lastFrame() === "red done")
})
