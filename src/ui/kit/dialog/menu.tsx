import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { choiceColumns } from "../../widgets/dialog.tsx"
import { piece } from "../../widgets/line.tsx"
import { listLines } from "../../widgets/list.ts"
import { MARK } from "../../widgets/table.tsx"
import { paragraph } from "../../widgets/wrap.ts"
import { choosing, useChoosing } from "../moving.ts"
import { useShell } from "../shell.ts"
import { closing, defineDialog } from "./define-dialog.tsx"

/** Line of a menu. */
export interface MenuItem {
  readonly text: Shown
  /** Why it cannot be chosen, in a sentence that stands below the menu while it is selected. */
  readonly refused?: string | undefined
  readonly take: () => void
}

interface MenuParams {
  readonly title: string
  readonly items: readonly MenuItem[]
  /** Index of the item that is selected at first. Default: the first one. */
  readonly at?: number
}

/** Dialog with a few things to choose from: Enter closes it and takes the selected one. */
export const menuScreen = defineDialog({
  id: "menu",
  title: "Menu",
  summary: "choose one of a few things",
  columns: ({ items }) => choiceColumns(items.map(({ text }) => text)),
  typedAhead: true,
  margin: 4,
  bindings: [
    {
      keys: ["enter"],
      label: "choose",
      footer: true,
      help: "take the selected one",
      possible: ({ chosen }) =>
        chosen !== undefined && (chosen.refused === undefined || "the reason stands below the menu"),
      run: model => model.choose(),
    },
    ...choosing,
    closing(["esc", "q"]),
  ],
  useModel: ({ title, items, at = 0 }: MenuParams) => {
    const { back } = useShell()
    const choice = useChoosing(items.length, at)
    const chosen = items[choice.at]
    const choose = () => {
      back()
      chosen?.take()
    }
    return { ...choice, title, items, chosen, choose }
  },
  heading: ({ title }) => show(title),
  lines: ({ items, at, chosen }, { columns, rows }) => {
    const refusal = chosen?.refused === undefined ? [] : paragraph(show(chosen.refused, REFUSAL_BYTES), columns, "look")
    const room = Math.max(1, rows - (refusal.length > 0 ? refusal.length + 1 : 0))
    const lines = listLines(items, at, room, ({ text, refused }, isChosen) => [
      piece(isChosen ? shown`${MARK} ` : shown`  `, "key"),
      piece(text, refused !== undefined ? "dim" : isChosen ? "strong" : "plain"),
    ])
    return refusal.length === 0 ? lines : [...lines, [], ...refusal]
  },
})

/** Room for a sentence with a statement in it. */
const REFUSAL_BYTES = 1_024
