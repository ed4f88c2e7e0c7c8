import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { type BoundKey, defineBindings } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { defineScreen, type ScreenModel, type Size, type Topic } from "../screen/screen.ts"
import { type Scrolling, scrollBindings, useScrolling } from "../screen/scroll.tsx"
import { Dialog, dialogInner } from "../widgets/dialog.tsx"
import { blank, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import type { Tone } from "../widgets/theme.ts"
import { hanging } from "../widgets/wrap.ts"
import { useShell } from "./shell-context.ts"

interface HelpModel extends ScreenModel, Scrolling {
  readonly title: Shown
  /** Those in sight. */
  readonly lines: readonly Piece[][]
  close(): void
}

/** The keys of the screen below, from its own bindings. */
export const helpScreen = defineScreen<void, HelpModel>({
  id: "help",
  title: "Help",
  summary: "the keys of this screen",
  overlay: true,
  bindings: defineBindings<HelpModel>([
    ...scrollBindings,
    { keys: ["esc", "q", "?", "enter"], label: "close", footer: true, run: model => model.close() },
  ]),
  useModel: (_, size) => {
    const shell = useShell()
    const { screen, keys, everywhere } = shell.below()
    const columns = dialogInner(dialogColumns(size))
    const lines = [
      ...section("On this screen", keys, columns),
      ...topicLines(screen.topic, columns),
      ...section("Everywhere", everywhere, columns).slice(0, -1),
      ...hanging(
        pad(shown``),
        shown`The number of the tab that you are in leaves what was opened there.`,
        columns,
        "dim",
      ),
    ]
    const rows = size.rows - DIALOG_ROWS
    const scrolling = useScrolling(lines.length, rows)
    const { top, lowest } = scrolling
    const title = shown`Help: ${show(screen.title)}${top < lowest ? shown`, ↓ ${lowest - top} more` : shown``}`
    return { ...scrolling, title, lines: lines.slice(top, top + rows), close: shell.back }
  },
  Body: ({ model, size }) => <Dialog title={model.title} lines={model.lines} columns={dialogColumns(size)} />,
})

const dialogColumns = ({ columns }: Size) => Math.min(columns - 4, 84)

/** The borders, and a row of the screen above and below. */
const DIALOG_ROWS = 4
const KEYS_WIDTH = 20

function section(title: string, keys: readonly BoundKey[], columns: number): Piece[][] {
  const told = keys.filter(key => key.possible !== false)
  if (told.length === 0) return []
  return [[piece(show(title), "strong")], ...told.flatMap(key => keyLines(key, columns)), []]
}

/** What it does and, behind that or below, why it cannot be done now. */
function keyLines({ keys, help, possible }: BoundKey, columns: number): Piece[][] {
  const names = show(keys.map(chordLabel).join(" "))
  if (typeof possible !== "string") return hanging(pad(names), show(help), columns)
  const head = pad(names, "dim")
  const line = [head, piece(show(help), "dim"), piece(shown` (${show(possible)})`, "look")]
  if (piecesWidth(line) <= columns) return [line]
  const indent = piece(blank(width(head[0])))
  return [...hanging(head, show(help), columns, "dim"), ...hanging(indent, show(possible), columns, "look")]
}

function topicLines(topic: Topic | undefined, columns: number): Piece[][] {
  if (!topic) return []
  const lines = topic.entries.flatMap(([typed, meaning]) => hanging(pad(show(typed)), show(meaning), columns))
  return [[piece(show(topic.title), "strong")], ...lines, []]
}

const pad = (text: Shown, tone: Tone = "key") => piece(fit(text, Math.max(KEYS_WIDTH, width(text) + 1)), tone)
