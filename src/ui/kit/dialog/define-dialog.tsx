import { type Shown, show } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import type { Piece } from "../../widgets/line.tsx"
import { type Argument, defineScreen, type Screen, type ScreenInfo, type ScreenModel, type Size } from "../screen.ts"
import { useScreenState, useShell } from "../shell.ts"
import { type DialogLines, type DialogScroll, fitted } from "./dialog-lines.ts"

/** Model of every dialog; a dialog's own model may close it in another way. */
interface Closable {
  close(): void
}

interface Declaration<Params, Model> extends ScreenInfo {
  /** Most columns that it takes, with its borders; they may depend on what it is of. */
  readonly columns: number | ((params: NoInfer<Params>) => number)
  /** Rows of the screen that stay visible above and below it, together. */
  readonly margin?: number
  readonly argument?: Argument<NoInfer<Params>>
  /** Keys of the dialog; Esc closes it unless one of them has it. */
  readonly bindings: readonly Binding<NoInfer<Model> & Closable>[]
  /** Hook that makes the model; `inner` is the room within the borders. */
  readonly useModel: (params: Params, inner: Size) => Model & ScreenModel
  /** Text in its border; default: the title. */
  readonly heading?: (model: NoInfer<Model>, inner: Size) => Shown | readonly Piece[]
  readonly lines: (model: NoInfer<Model>, inner: Size) => DialogLines
}

/** Content of a dialog, and how it is scrolled where it does not fit. */
interface Drawn {
  readonly drawing: Parameters<typeof Dialog>[0]
  readonly isLong: boolean
  /** Scrolls by pages. */
  scroll(by: 1 | -1): void
}

const BORDERS = 2
const TOP: DialogScroll = { top: 0, about: "" }

/** Declares a dialog once: a box over the screen below, as wide as there is room, that scrolls where it is too high. */
export function defineDialog<Params = void, Model = ScreenModel>({
  columns: most,
  margin = 0,
  bindings,
  useModel,
  heading,
  lines: linesOf,
  ...info
}: Declaration<Params, Model>): Screen<Params> {
  const closes = bindings.some(({ keys }) => keys.includes("esc"))
  return defineScreen<Params, Model & Closable & Drawn>({
    ...info,
    overlay: true,
    bindings: [...bindings, ...(closes ? [] : [closing()]), ...scrolling],
    useModel: (params, size) => {
      const { back } = useShell()
      const columns = Math.min(size.columns - 4, typeof most === "number" ? most : most(params))
      const rows = size.rows - BORDERS
      const inner = { columns: dialogInner(columns), rows: Math.max(1, rows - margin) }
      const model = useModel(params, inner)
      const [kept, keep] = useScreenState("scroll", () => TOP)
      const { lines, about, top, page, lowest } = fitted(linesOf(model, inner), rows, kept)
      return {
        close: back,
        ...model,
        drawing: { title: heading?.(model, inner) ?? show(info.title), lines, columns },
        isLong: lowest > 0,
        scroll: by => keep(() => ({ about, top: Math.min(Math.max(0, top + by * page), lowest) })),
      }
    },
    Body: ({ model: { drawing } }) => <Dialog {...drawing} />,
  })
}

/** Returns the binding that closes a dialog. */
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
