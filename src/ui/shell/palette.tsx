import { show, shown } from "../../domain/safe-text.ts"
import { type BoundKey, defineBindings } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { defineScreen, type ScreenModel } from "../screen/screen.ts"
import { Dialog, dialogInner } from "../widgets/dialog.tsx"
import { type Piece, piece, spread } from "../widgets/line.tsx"
import { type FieldText, fieldTarget, fieldText, textOf } from "../widgets/text-field.ts"
import { fieldPieces } from "../widgets/text-field-view.ts"
import { type Shell, usePlaceReducer, useShell } from "./shell-context.ts"

interface PaletteState {
  readonly text: FieldText
  readonly chosen: number
}

type PaletteAction =
  | { readonly type: "edit"; readonly change: (text: FieldText) => FieldText }
  | { readonly type: "choose"; readonly by: number }

interface PaletteModel extends ScreenModel {
  readonly text: FieldText
  readonly found: readonly BoundKey[]
  readonly chosen: number
  choose(by: number): void
  run(pressedAt: number): void
  close(): void
}

const SHOWN_AT_MOST = 12

/** Everything that can be done here, found by a few of its letters. */
export const paletteScreen = defineScreen<void, PaletteModel>({
  id: "palette",
  title: "Palette",
  summary: "go to a screen or do something by its name",
  overlay: true,
  bindings: defineBindings<PaletteModel>([
    { keys: ["enter"], label: "do it", footer: true, inField: true, run: (model, pressedAt) => model.run(pressedAt) },
    { keys: ["down", "tab"], label: "next", footer: true, inField: true, run: model => model.choose(1) },
    { keys: ["up", "shift-tab"], label: "previous", inField: true, run: model => model.choose(-1) },
    { keys: ["esc"], label: "close", footer: true, inField: true, run: model => model.close() },
  ]),
  useModel: () => {
    const shell = useShell()
    const [state, dispatch] = usePlaceReducer("palette", paletteReducer, () => ({ text: fieldText(""), chosen: 0 }))
    const found = search(listed(shell), textOf(state.text)).slice(0, SHOWN_AT_MOST)
    const chosen = Math.min(state.chosen, Math.max(0, found.length - 1))
    return {
      text: state.text,
      found,
      chosen,
      field: fieldTarget(change => dispatch({ type: "edit", change })),
      choose: by =>
        dispatch({
          type: "choose",
          by: found.length === 0 ? 0 : ((chosen + by + found.length) % found.length) - state.chosen,
        }),
      run: pressedAt => {
        shell.back()
        // As it is now: the screen below went on since this was drawn.
        listed(shell)
          .find(key => key.keys === found[chosen]?.keys)
          ?.press(pressedAt)
      },
      close: shell.back,
    }
  },
  Body: ({ model, size }) => {
    const columns = Math.min(size.columns - 4, 72)
    return <Dialog title={shown`Go to, or do`} lines={paletteLines(model, dialogInner(columns))} columns={columns} />
  },
})

/** What can be done, the screen's own first, each name once; to move about is no command, nor is coming here. */
function listed(shell: Shell): readonly BoundKey[] {
  const { keys, everywhere } = shell.below()
  return [...keys, ...everywhere]
    .filter(key => key.possible === true && !key.repeats && !key.keys.includes(":"))
    .filter(({ label }, index, all) => all.findIndex(key => key.label === label) === index)
}

function paletteLines(model: PaletteModel, columns: number): Piece[][] {
  const field = [piece(shown`: `, "key"), ...fieldPieces(model.text, columns - 2, { focused: true })]
  if (model.found.length === 0) return [field, [piece(shown`  nothing by that name`, "dim")]]
  const choices = model.found.map((key, index) => {
    const chosen = index === model.chosen
    const name = piece(shown`${chosen ? shown`▌` : shown` `} ${show(key.label)}`, chosen ? "strong" : "plain")
    return spread(
      [name, piece(shown`  ${show(key.help)}`, "dim")],
      [piece(show(chordLabel(key.keys[0])), "key")],
      columns,
    )
  })
  return [field, ...choices]
}

function paletteReducer(state: PaletteState, action: PaletteAction): PaletteState {
  if (action.type === "edit") return { text: action.change(state.text), chosen: 0 }
  return { ...state, chosen: state.chosen + action.by }
}

/** What the letters are found in, in this order: the beginning of the name, a run of the words, letters far apart. */
function search(keys: readonly BoundKey[], letters: string): BoundKey[] {
  const text = letters.trim().toLowerCase()
  const words = (key: BoundKey) => `${key.label} ${key.help}`.toLowerCase()
  const rank = (key: BoundKey) => (key.label.toLowerCase().startsWith(text) ? 0 : words(key).includes(text) ? 1 : 2)
  return keys.filter(key => isSubsequence(text, words(key))).toSorted((a, b) => rank(a) - rank(b))
}

function isSubsequence(letters: string, text: string): boolean {
  const wanted = letters.replaceAll(" ", "")
  let at = 0
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}
