import { asDeckError } from "../../../domain/errors.ts"
import { fit, show, shown, width } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { copyToClipboard } from "../../terminal/clipboard.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { listLines } from "../../widgets/list.ts"
import { MARK } from "../../widgets/table.tsx"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import { choosing, useChoosing } from "../moving.ts"
import { type Shell, useShell } from "../shell.ts"
import type { CopyChoice } from "./choices.ts"

/** Dialog that copies the whole row, the marked rows, or one field. */
export const copyScreen = defineDialog({
  id: "copy",
  title: "Copy",
  summary: "copy to the terminal's clipboard",
  columns: 88,
  typedAhead: true,
  bindings: [
    { keys: ["enter", "y"], label: "copy", footer: true, help: "copy the selected choice", run: model => model.copy() },
    ...choosing,
    closing(["esc", "q"]),
  ],
  useModel: (choices: readonly CopyChoice[]) => {
    const shell = useShell()
    const chosen = useChoosing(choices.length)
    const copy = () => {
      const choice = choices[chosen.at]
      if (choice === undefined) return
      shell.back()
      copyChoice(choice, shell)
    }
    return { ...chosen, choices, copy }
  },
  lines: ({ choices, at }, { columns, rows }) => {
    const names = Math.max(...choices.map(({ label }) => (label[1] === "dim" ? width(label[0]) : 0)))
    return listLines(choices, at, rows, (choice, isChosen) => choicePieces(choice, isChosen, names, columns))
  },
})

function choicePieces({ label, value }: CopyChoice, chosen: boolean, names: number, columns: number): Piece[] {
  const mark = piece(chosen ? shown`${MARK} ` : shown`  `, "key")
  const [text, tone] = label
  if (value === undefined) return [mark, piece(text, chosen ? "strong" : tone)]
  const room = Math.max(1, columns - names - 6)
  const whole = value()
  const cut = width(whole) > room ? fit(whole, room) : whole
  return [mark, piece(fit(text, names), "dim"), piece(shown`  `), piece(cut, chosen ? "strong" : "plain")]
}

/** Copies a choice and reports the result; returns false where it failed. No terminal tells whether the text arrived. */
export function copyChoice(
  { what, text }: Pick<CopyChoice, "what" | "text">,
  shell: Pick<Shell, "stdout" | "say">,
): boolean {
  try {
    const copied = text()
    copyToClipboard(copied, shell.stdout)
    const bytes = shown`${grouped(Buffer.byteLength(copied))} bytes`
    shell.say(shown`${what}, ${bytes}, sent to the clipboard: paste to check`, "good")
    return true
  } catch (error) {
    shell.say(shown`not copied: ${show(asDeckError(error).message)}`, "act")
    return false
  }
}

/** Model of a screen from which something can be copied. */
export interface Copying {
  readonly shell: Shell
  /** Choices, the default first; empty where there is nothing to copy. */
  copies(): readonly CopyChoice[]
}

/** Returns the binding of `y`, which opens the copy dialog. */
export const copyBinding = <Model extends Copying>(help: string): Binding<Model> => ({
  keys: ["y"],
  label: "copy",
  footer: true,
  common: true,
  help,
  possible: model => model.copies().length > 0,
  run: model => model.shell.push(copyScreen, model.copies()),
})
