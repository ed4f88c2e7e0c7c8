import { type CommandCall, commandLine } from "../../../domain/command-line.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { piece } from "../../widgets/line.tsx"
import { paragraph } from "../../widgets/wrap.ts"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import { useShell } from "../shell.ts"
import { copyChoice } from "./copy.tsx"

/** Dialog that shows the equivalent command line of a screen. */
export const shareScreen = defineDialog({
  id: "share",
  title: "Share",
  summary: "the equivalent command line of this screen",
  columns: 88,
  typedAhead: true,
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
  useModel: (call: CommandCall) => {
    const shell = useShell()
    const line = commandLine(call, shell.guard.profile)
    const copy = () => {
      shell.back()
      copyChoice({ what: shown`the command line`, text: () => line }, shell)
    }
    return { line, copy }
  },
  heading: () => shown`Equivalent command`,
  lines: ({ line }, { columns }) => [
    ...paragraph(show(line), columns, "strong"),
    [],
    [piece(shown`Add --json for output that programs read`, "dim")],
  ],
})
