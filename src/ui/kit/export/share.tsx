import { type CommandCall, commandLine } from "../../../domain/command-line.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import { piece } from "../../widgets/line.tsx"
import { paragraph } from "../../widgets/wrap.ts"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import type { ScreenModel } from "../screen.ts"
import { useShell } from "../shell.ts"
import { copyChoice } from "./copy.tsx"

interface ShareModel extends ScreenModel {
  readonly line: string
  /** What is narrowed on the screen, and for which the command has no option. */
  readonly unsaid: readonly Shown[]
  copy(): void
}

/** The command line that answers what is seen. */
export const shareScreen = defineDialog<CommandCall, ShareModel>({
  id: "share",
  title: "Share",
  summary: "the command line that answers what is seen here",
  columns: 88,
  bindings: [
    {
      keys: ["y", "enter"],
      label: "copy",
      footer: true,
      help: "copy the command line to the terminal's clipboard",
      run: model => model.copy(),
    },
    closing(["esc", "q"]),
  ],
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
    }
  },
  heading: () => shown`Share what is seen`,
  lines: ({ line, unsaid }, { columns }) => [
    ...paragraph(show(line), columns, "strong"),
    [],
    ...(unsaid.length === 0 ? [] : paragraph(moreThan(unsaid), columns, "look")),
    [piece(shown`The same as a command; --json for a program`, "dim")],
  ],
})

const moreThan = (unsaid: readonly Shown[]): Shown =>
  shown`It answers more than is seen here: it has no option for ${listed(unsaid)}.`

function unsaidOf({ input, given }: CommandCall): Shown[] {
  return Object.entries(given)
    .filter(([name, value]) => value !== undefined && !(name in input.shape))
    .map(([name, value]) => shown`${show(labelOf(input, name))} ${show(String(value), 128)}`)
}

const listed = (parts: readonly Shown[]): Shown =>
  parts.reduce((all, part, index) => (index === 0 ? part : shown`${all}, ${part}`), shown``)
