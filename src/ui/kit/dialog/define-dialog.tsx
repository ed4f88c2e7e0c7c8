import { type Shown, show } from "../../../domain/safe-text.ts"
import { type Binding, defineBindings } from "../../keys/binding.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import type { Piece } from "../../widgets/line.tsx"
import type { Argument } from "../argument.ts"
import { defineScreen, type Screen, type ScreenModel, type Size } from "../screen.ts"
import { useScreenReducer, useShell } from "../shell.ts"
import { type DialogLines, type DialogScroll, fitted } from "./dialog-lines.ts"

/** What can be done with every dialog; its own model may close it in another way. */
export interface Closable {
  close(): void
}

interface Declaration<Params, Model> {
  readonly id: string
  readonly title: string
  /** One sentence for help and palette. */
  readonly summary: string
  /** Columns that it takes at the most, with its borders. */
  readonly columns: number
  /** Rows above and below it together in which the screen is to be seen, where there is room for that. */
  readonly margin?: number
  readonly argument?: Argument<Params>
  /** Its keys; Esc, where none of them has it, closes it. */
  readonly bindings: readonly Binding<Model & Closable>[]
  /** The hook that makes the model; `inner` is the room within the borders. */
  readonly useModel: (params: Params, inner: Size) => Model
  /** What stands in its border; the title where left out. */
  readonly heading?: (model: Model, inner: Size) => Shown | readonly Piece[]
  readonly lines: (model: Model, inner: Size) => DialogLines
}

type DialogModel<Model> = Model & Closable & Drawn

/** What is drawn of a dialog, and how it is scrolled where it does not fit. */
interface Drawn {
  readonly drawing: Parameters<typeof Dialog>[0]
  readonly isLong: boolean
  /** By so many pages. */
  scroll(by: 1 | -1): void
}

const BORDERS = 2
const TOP: DialogScroll = { top: 0, about: "" }

/** Declares a dialog once: a box over the screen below, as wide as there is room, that scrolls where it is too high. */
export function defineDialog<Params = void, Model extends ScreenModel = ScreenModel>(
  dialog: Declaration<Params, Model>,
): Screen<Params> {
  const { id, title, summary, argument, margin = 0, bindings } = dialog
  const closes = bindings.some(({ keys }) => keys.includes("esc"))
  return defineScreen<Params, DialogModel<Model>>({
    id,
    title,
    summary,
    argument,
    overlay: true,
    bindings: defineBindings<DialogModel<Model>>([...bindings, ...(closes ? [] : [closing()]), ...scrolling]),
    useModel: (params, size) => {
      const { back } = useShell()
      const columns = Math.min(size.columns - 4, dialog.columns)
      const rows = size.rows - BORDERS
      const inner = { columns: dialogInner(columns), rows: Math.max(1, rows - margin) }
      const model = dialog.useModel(params, inner)
      const [kept, keep] = useScreenReducer(
        "scroll",
        (_, to: DialogScroll) => to,
        () => TOP,
      )
      const { lines, about, top, page, lowest } = fitted(dialog.lines(model, inner), rows, kept)
      return {
        close: back,
        ...model,
        drawing: { title: dialog.heading?.(model, inner) ?? show(title), lines, columns },
        isLong: lowest > 0,
        scroll: by => keep({ about, top: Math.min(Math.max(0, top + by * page), lowest) }),
      }
    },
    Body: ({ model: { drawing } }) => <Dialog {...drawing} />,
  })
}

/** The key that closes a dialog. */
export const closing = (keys: Binding<Closable>["keys"] = ["esc"]): Binding<Closable> => ({
  keys,
  label: "close",
  footer: true,
  inField: true,
  run: model => model.close(),
})

const further = { repeats: true, inField: true, possible: ({ isLong }: Drawn) => isLong }

const scrolling: readonly Binding<Drawn>[] = [
  { ...further, keys: ["pagedown"], label: "further down", run: model => model.scroll(1) },
  { ...further, keys: ["pageup"], label: "further up", run: model => model.scroll(-1) },
]
