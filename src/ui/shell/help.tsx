import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { BoundKey } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { type FieldText, fieldTarget, fieldText, textOf } from "../keys/text-field.ts"
import { defineDialog } from "../kit/dialog/define-dialog.tsx"
import type { Screen, Size, Topic } from "../kit/screen.ts"
import { scrollBindings, useScrolling } from "../kit/scroll.tsx"
import { useScreenState, useShell } from "../kit/shell.ts"
import { blank, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { fieldPieces } from "../widgets/text-field-view.ts"
import type { Tone } from "../widgets/theme.ts"
import { hanging } from "../widgets/wrap.ts"

interface Search {
  /** Words to search for; undefined shows everything. */
  readonly sought: FieldText | undefined
  readonly typing: boolean
}

const NO_SEARCH: Search = { sought: undefined, typing: false }

const isTyping = ({ typing }: Search) => typing

/** Dialog with the keys of the screen below, from its bindings. */
export const helpScreen = defineDialog({
  id: "help",
  title: "Help",
  summary: "the keys of this screen",
  columns: 84,
  typedAhead: true,
  margin: 2,
  bindings: [
    ...scrollBindings,
    { keys: ["/"], label: "search", footer: true, run: model => model.type() },
    { keys: ["enter"], label: "keep", footer: true, inField: true, possible: isTyping, run: model => model.keep() },
    { keys: ["esc"], label: "show all", footer: true, inField: true, possible: isTyping, run: model => model.leave() },
    {
      keys: ["esc"],
      label: "close",
      now: ({ sought }) => (sought ? "show all" : undefined),
      footer: true,
      run: model => model.leave(),
    },
    { keys: ["q", "?", "enter"], label: "close", run: model => model.close() },
  ],
  useModel: (_: unknown, { columns, rows }: Size) => {
    const shell = useShell()
    const { screen, keys, everywhere } = shell.below()
    const [{ sought, typing }, search] = useScreenState("search", () => NO_SEARCH)
    const edit = (change: (text: FieldText) => FieldText) =>
      search(({ sought, typing }) => ({ sought: sought && change(sought), typing }))
    const words = sought ? textOf(sought).toLowerCase().split(/\s+/) : []
    const lines = helpLines(screen, keys, everywhere, words, columns)
    const room = rows - (sought ? 1 : 0)
    const scrolling = useScrolling(lines.length, room)
    const { top } = scrolling
    return {
      ...scrolling,
      title: show(screen.title),
      inSight: lines.slice(top, top + room),
      sought,
      typing,
      field: sought && typing ? fieldTarget(edit) : undefined,
      type: () => search(({ sought = fieldText("") }) => ({ sought, typing: true })),
      keep: () =>
        search(({ sought }) => (sought && textOf(sought).trim() !== "" ? { sought, typing: false } : NO_SEARCH)),
      /** Drops the search, or closes where there is none. */
      leave: () => (sought ? search(() => NO_SEARCH) : shell.back()),
    }
  },
  heading: ({ title, top, lowest }) => shown`Help: ${title}${top < lowest ? shown`, ↓ ${lowest - top} more` : shown``}`,
  lines: ({ sought, typing, inSight }, { columns }) => {
    const field = sought && [piece(shown`/ `, "key"), ...fieldPieces(sought, columns - 2, { focused: typing })]
    return field ? [field, ...inSight] : inSight
  },
})

/** Returns the lines of the help, or those that contain all `words`. */
function helpLines(
  screen: Screen<never>,
  keys: readonly BoundKey[],
  everywhere: readonly BoundKey[],
  words: readonly string[],
  columns: number,
): Piece[][] {
  const has = (...texts: string[]) => words.every(word => texts.join(" ").toLowerCase().includes(word))
  const matching = (all: readonly BoundKey[]) =>
    all.filter(({ keys, label, help, possible }) => possible !== false && has(...keys.map(chordLabel), label, help))
  const lines = [
    ...section("On this screen", matching(keys), columns),
    ...screen.topics.flatMap(topic => topicLines(topic, entry => has(topic.title, ...entry), columns)),
    ...section("Everywhere", matching(everywhere), columns),
  ].slice(0, -1)
  if (words.length === 0) return [...lines, ...hanging(pad(shown``), LEAVING, columns, "dim")]
  return lines.length > 0 ? lines : [[piece(shown`Nothing matches.`, "dim")]]
}

const LEAVING = shown`The key of the tab that you are in leaves what was opened there.`

const KEYS_WIDTH = 20

function section(title: string, keys: readonly BoundKey[], columns: number): Piece[][] {
  if (keys.length === 0) return []
  return [[piece(show(title), "strong")], ...keys.flatMap(key => keyLines(key, columns)), []]
}

/** Draws a key, its effect and, after that or below, why it is not possible now. */
function keyLines({ keys, help, possible }: BoundKey, columns: number): Piece[][] {
  const names = show(keys.map(chordLabel).join(" "))
  if (typeof possible !== "string") return hanging(pad(names), show(help), columns)
  const head = pad(names, "dim")
  const line = [head, piece(show(help), "dim"), piece(shown` (${show(possible)})`, "look")]
  if (piecesWidth(line) <= columns) return [line]
  const indent = piece(blank(width(head[0])))
  return [...hanging(head, show(help), columns, "dim"), ...hanging(indent, show(possible), columns, "look")]
}

type TopicEntry = Topic["entries"][number]

function topicLines(topic: Topic, has: (entry: TopicEntry) => boolean, columns: number): Piece[][] {
  const entries = topic.entries.filter(has)
  if (entries.length === 0) return []
  const lines = entries.flatMap(([typed, meaning]) => hanging(pad(show(typed)), show(meaning), columns))
  return [[piece(show(topic.title), "strong")], ...lines, []]
}

const pad = (text: Shown, tone: Tone = "key") => piece(fit(text, Math.max(KEYS_WIDTH, width(text) + 1)), tone)
