import { type CommandCall, commandLine } from "../../../domain/command-line.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
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
    return { line, unsupported: unsupportedIn(call), copy }
  },
  heading: () => shown`Equivalent command`,
  lines: ({ line, unsupported }, { columns }) => [
    ...paragraph(show(line), columns, "strong"),
    [],
    ...(unsupported.length === 0
      ? []
      : paragraph(
          shown`It returns more than this screen shows: no option for ${listed(unsupported)}.`,
          columns,
          "look",
        )),
    [piece(shown`Add --json for output that programs read`, "dim")],
  ],
})

/** Returns the filters of the screen for which the command has no option. */
function unsupportedIn({ input, given }: CommandCall): Shown[] {
  return Object.entries(given)
    .filter(([name, value]) => value !== undefined && !(name in input.shape))
    .map(([name, value]) => shown`${show(labelOf(input, name))} ${show(String(value), 128)}`)
}

const listed = (parts: readonly Shown[]): Shown => parts.reduce((all, part) => shown`${all}, ${part}`)
