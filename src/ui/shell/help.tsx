import { show, shown } from "../../domain/safe-text.ts"
import { type FieldText, fieldTarget, fieldText, textOf } from "../keys/text-field.ts"
import { defineDialog } from "../kit/dialog/define-dialog.tsx"
import type { Size } from "../kit/screen.ts"
import { scrollBindings, useScrolling } from "../kit/scroll.tsx"
import { useScreenState, useShell } from "../kit/shell.ts"
import { piece } from "../widgets/line.tsx"
import { fieldPieces } from "../widgets/text-field-view.ts"
import { helpLines } from "./help-lines.ts"
import { helpSections } from "./help-sections.ts"

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
    // As it was when the help was asked for: a live screen would move the lines away from who reads them.
    const [below] = useScreenState("below", () => shell.below())
    const { screen } = below
    const [{ sought, typing }, search] = useScreenState("search", () => NO_SEARCH)
    const edit = (change: (text: FieldText) => FieldText) =>
      search(({ sought, typing }) => ({ sought: sought && change(sought), typing }))
    const words = sought ? textOf(sought).toLowerCase().split(/\s+/) : []
    const lines = helpLines(screen.topics, helpSections(below, shell.keyMap), words, columns)
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
