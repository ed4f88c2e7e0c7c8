import { useReducer } from "react"
import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { type BoundKey, defineBindings } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { defineScreen, type ScreenModel, type Topic } from "../screen/screen.ts"
import { Dialog } from "../widgets/dialog.tsx"
import { type Piece, piece } from "../widgets/line.tsx"
import type { Tone } from "../widgets/theme.ts"
import { useShell } from "./shell-context.ts"

interface HelpModel extends ScreenModel {
  readonly title: Shown
  /** Those in sight. */
  readonly lines: readonly Piece[][]
  scroll(by: number): void
  close(): void
}

/** The keys of the screen below, from its own bindings. */
export const helpScreen = defineScreen<void, HelpModel>({
  id: "help",
  title: "Help",
  summary: "the keys of this screen",
  overlay: true,
  bindings: defineBindings<HelpModel>([
    { keys: ["down", "j"], repeats: true, label: "down", footer: true, run: model => model.scroll(1) },
    { keys: ["up", "k"], repeats: true, label: "up", footer: true, run: model => model.scroll(-1) },
    { keys: ["pagedown", " ", "ctrl-d"], repeats: true, label: "page down", run: model => model.scroll(10) },
    { keys: ["pageup", "ctrl-u"], repeats: true, label: "page up", run: model => model.scroll(-10) },
    { keys: ["esc", "q", "?", "enter"], label: "close", footer: true, run: model => model.close() },
  ]),
  useModel: (_, size) => {
    const shell = useShell()
    const { screen, keys, everywhere } = shell.below()
    const lines = [
      ...section("On this screen", keys),
      ...topicLines(screen.topic),
      ...section("Everywhere", everywhere),
    ].slice(0, -1)
    const rows = size.rows - DIALOG_ROWS
    const lowest = Math.max(0, lines.length - rows)
    const [top, scroll] = useReducer((at: number, by: number) => Math.min(Math.max(0, at + by), lowest), 0)
    const below = lines.length - rows - top
    const title = shown`Help: ${show(screen.title)}${below > 0 ? shown`, ↓ ${below} more` : shown``}`
    return { title, lines: lines.slice(top, top + rows), scroll, close: shell.back }
  },
  Body: ({ model, size }) => (
    <Dialog title={model.title} lines={model.lines} columns={Math.min(size.columns - 4, 84)} />
  ),
})

/** The borders, and a row of the screen above and below. */
const DIALOG_ROWS = 4
const KEYS_WIDTH = 20

function section(title: string, keys: readonly BoundKey[]): Piece[][] {
  const told = keys.filter(key => key.possible !== false)
  if (told.length === 0) return []
  return [[piece(show(title), "strong")], ...told.map(keyLine), []]
}

function keyLine(key: BoundKey): Piece[] {
  const keys = show(key.keys.map(chordLabel).join(" "))
  const refused = typeof key.possible === "string"
  const line = [pad(keys, refused ? "dim" : "key"), piece(show(key.help), refused ? "dim" : "plain")]
  return refused ? [...line, piece(shown` (${show(key.possible)})`, "look")] : line
}

function topicLines(topic: Topic | undefined): Piece[][] {
  if (!topic) return []
  const lines = topic.entries.map(([typed, meaning]) => [pad(show(typed)), piece(show(meaning))])
  return [[piece(show(topic.title), "strong")], ...lines, []]
}

const pad = (text: Shown, tone: Tone = "key") => piece(fit(text, Math.max(KEYS_WIDTH, width(text) + 1)), tone)
