import { describe, expect, test } from "vitest"
import { type Binding, bind, defineBindings } from "../../../src/ui/keys/binding.ts"
import { route } from "../../../src/ui/keys/route.ts"

interface Model {
  readonly log: string[]
  readonly allowed?: boolean | string
}

const binding = (chord: string, more: Partial<Binding<Model>> = {}): Binding<Model> => ({
  keys: [chord],
  label: chord,
  run: model => void model.log.push(chord),
  ...more,
})
const model: Model = { log: [] }
const field = { insert: () => {}, keys: bind([binding("left")], model) }

describe("a key goes to the first that wants it", () => {
  test("the screen before the global keys", () => {
    const screen = bind([binding("q", { label: "screen" })], model)
    const global = bind([binding("q", { label: "global" })], model)
    expect(route("q", { bound: [screen, global] })).toMatchObject({ kind: "press", key: { label: "screen" } })
  })

  test("past a binding that has no meaning here, on to the next", () => {
    const screen = bind([binding("esc", { possible: () => false })], model)
    const global = bind([binding("esc", { label: "back" })], model)
    expect(route("esc", { bound: [screen, global] })).toMatchObject({ kind: "press", key: { label: "back" } })
  })

  test("a binding that cannot be done says why", () => {
    const screen = bind([binding("d", { label: "delete", possible: () => "the profile is read-only" })], model)
    expect(route("d", { bound: [screen] })).toMatchObject({
      kind: "refused",
      reason: "delete: the profile is read-only",
    })
  })

  test("nobody wants it", () => {
    expect(route("z", { bound: [[]] })).toEqual({ kind: "nothing" })
  })

  test("nobody wants it with Alt, which says so: it may have been Esc and a letter", () => {
    expect(route("alt-z", { bound: [[]] })).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/^Alt-z does nothing here; /),
    })
  })
})

describe("while a text field has the keyboard", () => {
  const bound = [bind([binding("q"), binding("enter", { inField: true }), binding("ctrl-c", { inField: true })], model)]

  test("letters are typed, whatever they do elsewhere", () => {
    expect(route("q", { bound, field })).toEqual({ kind: "insert", text: "q" })
  })

  test("its editing keys and those marked for fields are heard", () => {
    expect(route("left", { bound, field })).toMatchObject({ kind: "press", key: { label: "left" } })
    expect(route("enter", { bound, field })).toMatchObject({ kind: "press", key: { label: "enter" } })
  })

  test("other named keys do nothing", () => {
    expect(route("pageup", { bound, field })).toEqual({ kind: "nothing" })
  })
})

test("two bindings on one key in one scope are refused", () => {
  expect(() => defineBindings([binding("x"), binding("x")])).toThrow("two bindings on x")
})
