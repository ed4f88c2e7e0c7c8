import { type CommandCall, commandLine } from "../../../domain/command-line.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import { defineBindings } from "../../keys/binding.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { type Piece, piece } from "../../widgets/line.tsx"
import { wrap } from "../../widgets/wrap.ts"
import { defineScreen, type ScreenModel } from "../screen.ts"
import { useShell } from "../shell.ts"
import { copyChoice } from "./copy.tsx"

interface ShareModel extends ScreenModel {
  readonly line: string
  /** What is narrowed on the screen, and for which the command has no option. */
  readonly unsaid: readonly Shown[]
  copy(): void
  close(): void
}

/** The command line that answers what is seen. */
export const shareScreen = defineScreen<CommandCall, ShareModel>({
  id: "share",
  title: "Share",
  summary: "the command line that answers what is seen here",
  overlay: true,
  bindings: defineBindings<ShareModel>([
    {
      keys: ["y", "enter"],
      label: "copy",
      footer: true,
      help: "copy the command line to the terminal's clipboard",
      run: model => model.copy(),
    },
    { keys: ["esc", "q"], label: "close", footer: true, run: model => model.close() },
  ]),
  useModel: call => {
    const shell = useShell()
    const line = commandLine(call, shell.guard.profile)
    return {
      line,
      unsaid: unsaidOf(call),
      copy: () => {
        shell.back()
        copyChoice({ what: shown`the command line`, text: () => line }, shell)
      },
      close: shell.back,
    }
  },
  Body: ({ model: { line, unsaid }, size }) => {
    const columns = Math.min(size.columns - 4, 88)
    const inner = dialogInner(columns)
    const note = shown`It answers more than is seen here: it has no option for ${listed(unsaid)}.`
    const lines: Piece[][] = [
      ...wrap(show(line), inner).map(line => [piece(line, "strong")]),
      [],
      ...(unsaid.length === 0 ? [] : wrap(note, inner).map(line => [piece(line, "look")])),
      [piece(shown`The same as a command; --json for a program`, "dim")],
    ]
    return <Dialog title={shown`Share what is seen`} lines={lines} columns={columns} />
  },
})

function unsaidOf({ input, given }: CommandCall): Shown[] {
  return Object.entries(given)
    .filter(([name, value]) => value !== undefined && !(name in input.shape))
    .map(([name, value]) => shown`${show(labelOf(input, name))} ${show(String(value), 128)}`)
}

const listed = (parts: readonly Shown[]): Shown =>
  parts.reduce((all, part, index) => (index === 0 ? part : shown`${all}, ${part}`), shown``)
