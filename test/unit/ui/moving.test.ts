import { expect, test, vi } from "vitest"
import { bind } from "../../../src/ui/keys/binding.ts"
import { EVERY_MOTION, type Moving, moving } from "../../../src/ui/kit/moving.ts"

const rows = () => ({ page: 9, move: vi.fn<Moving["move"]>() })
const pressed = (chord: string, keys = moving(EVERY_MOTION)) => {
  const model = rows()
  bind(keys, model)
    .find(key => key.keys.includes(chord))
    ?.press()
  return model.move.mock.calls.flat()
}

test("each key moves so far: by a row, by a page, to an end", () => {
  expect(["j", "down", "k", "up"].map(chord => pressed(chord))).toEqual([[1], [1], [-1], [-1]])
  expect(["pagedown", "ctrl-d", "pageup", "ctrl-u"].map(chord => pressed(chord))).toEqual([[9], [9], [-9], [-9]])
  expect(["g", "home", "G", "end"].map(chord => pressed(chord))).toEqual([
    [-Infinity],
    [-Infinity],
    [Infinity],
    [Infinity],
  ])
})

test("a screen has the motions that it names, in its order, with words and keys of its own", () => {
  const keys = moving<Moving>({ up: { label: "pause, up", footer: true }, down: { keys: ["n"] } })
  expect(keys.map(({ label, keys, footer, repeats }) => [label, keys, footer, repeats])).toEqual([
    ["pause, up", ["k", "up"], true, true],
    ["down", ["n"], undefined, true],
  ])
  expect(pressed("n", keys)).toEqual([1])
})

test("what is moved may be a part of the model", () => {
  const panel = rows()
  const [down] = bind(
    moving({ down: {} }, (model: { panel: Moving }) => model.panel),
    { panel },
  )
  down?.press()
  expect(panel.move).toHaveBeenCalledExactlyOnceWith(1)
})
