import { asDeckError } from "../../../domain/errors.ts"
import { fit, show, shown, width } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { chordLabel } from "../../keys/chord.ts"
import { copyToClipboard } from "../../terminal/clipboard.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece, spread } from "../../widgets/line.tsx"
import { inSight } from "../../widgets/list.ts"
import { MARK } from "../../widgets/table.tsx"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import { type Choosing, moving, useChoosing } from "../moving.ts"
import type { ScreenModel } from "../screen.ts"
import { type Shell, useShell } from "../shell.ts"
import type { CopyChoice } from "./choices.ts"

interface CopyModel extends ScreenModel, Choosing {
  readonly choices: readonly CopyChoice[]
  /** Copies what has the key; without one, what is chosen. */
  copy(key?: string): void
}

const byKey = (key: string, label: string, help: string): Binding<CopyModel> => ({
  keys: [key],
  label,
  help,
  possible: ({ choices }) => choices.some(choice => choice.key === key),
  run: model => model.copy(key),
})

/** What to copy: a whole row, what is marked, or one field. */
export const copyScreen = defineDialog<readonly CopyChoice[], CopyModel>({
  id: "copy",
  title: "Copy",
  summary: "what to copy to the terminal's clipboard",
  columns: 88,
  bindings: [
    { keys: ["enter"], label: "copy", footer: true, help: "copy what is chosen", run: model => model.copy() },
    byKey("y", "all of it", "copy the whole row, as JSON"),
    byKey("m", "the marked", "copy the marked rows, as NDJSON"),
    byKey("f", "the field", "copy the field at the cursor"),
    ...moving<CopyModel>({ down: { footer: true }, up: { footer: true } }),
    closing(["esc", "q"]),
  ],
  useModel: choices => {
    const shell = useShell()
    const choosing = useChoosing(choices.length)
    const copy = (key?: string) => {
      const choice = key === undefined ? choices[choosing.at] : choices.find(one => one.key === key)
      if (choice === undefined) return
      shell.back()
      copyChoice(choice, shell)
    }
    return { ...choosing, choices, copy }
  },
  lines: ({ choices, at }, { columns, rows }) => {
    const names = Math.max(...choices.map(({ label }) => (label[1] === "dim" ? width(label[0]) : 0)))
    return inSight(choices, at, rows).map(([choice, isChosen]) => choicePieces(choice, isChosen, names, columns))
  },
})

function choicePieces({ key, label, value }: CopyChoice, chosen: boolean, names: number, columns: number): Piece[] {
  const mark = piece(chosen ? shown`${MARK} ` : shown`  `, "key")
  const right = key === undefined ? [] : [piece(show(chordLabel(key)), "key")]
  const [text, tone] = label
  if (value === undefined) return spread([mark, piece(text, chosen ? "strong" : tone)], right, columns)
  const room = Math.max(1, columns - names - 6)
  const whole = value()
  const told = width(whole) > room ? fit(whole, room) : whole
  return spread(
    [mark, piece(fit(text, names), "dim"), piece(shown`  `), piece(told, chosen ? "strong" : "plain")],
    right,
    columns,
  )
}

/** Copies it, and says what went, or why nothing did; answers which. Whether it arrived no terminal tells. */
export function copyChoice(
  { what, text }: Pick<CopyChoice, "what" | "text">,
  shell: Pick<Shell, "stdout" | "say">,
): boolean {
  try {
    const copied = text()
    copyToClipboard(copied, shell.stdout)
    const bytes = shown`${grouped(Buffer.byteLength(copied))} bytes`
    shell.say(shown`${what}, ${bytes}, handed to the clipboard: paste to see it arrived`, "good")
    return true
  } catch (error) {
    shell.say(shown`not copied: ${show(asDeckError(error).message)}`, "act")
    return false
  }
}

/** What can be copied from where somebody is. */
export interface Copying {
  readonly shell: Shell
  /** The first is what is meant first; none where there is nothing. */
  copies(): readonly CopyChoice[]
}

/** `y`, wherever there is something to copy. */
export const copyBinding = <Model extends Copying>(help: string): Binding<Model> => ({
  keys: ["y"],
  label: "copy",
  footer: true,
  help,
  possible: model => model.copies().length > 0,
  run: model => model.shell.push(copyScreen, model.copies()),
})
