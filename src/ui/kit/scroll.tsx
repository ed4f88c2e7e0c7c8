import { Box } from "ink"
import type { Binding } from "../keys/binding.ts"
import { Lines, type Piece } from "../widgets/line.tsx"
import type { Size } from "./screen.ts"
import { useScreenReducer } from "./shell.ts"

/** Lines of which as many are in sight as there are rows. */
export interface Scrolling {
  /** The first line in sight. */
  readonly top: number
  /** What `top` is at the end: 0 where everything fits. */
  readonly lowest: number
  /** A screenful, but for the line that is seen again. */
  readonly page: number
  scroll(by: number): void
}

/** Where somebody is in `lines` lines; kept while other screens are on top. */
export function useScrolling(lines: number, rows: number): Scrolling {
  const lowest = Math.max(0, lines - rows)
  const within = (top: number) => Math.min(Math.max(0, top), lowest)
  const [kept, scroll] = useScreenReducer(
    "scrolling",
    (top, by: number) => within(within(top) + by),
    () => 0,
  )
  return { top: within(kept), lowest, page: Math.max(1, rows - 1), scroll }
}

const scrolls = ({ lowest }: Scrolling) => lowest > 0

const scrolling = (binding: Binding<Scrolling>): Binding<Scrolling> => ({
  ...binding,
  repeats: true,
  possible: scrolls,
})

/** The keys that scroll; without a meaning where everything is in sight. */
export const scrollBindings: readonly Binding<Scrolling>[] = [
  scrolling({ keys: ["j", "down"], label: "down", footer: true, run: model => model.scroll(1) }),
  scrolling({ keys: ["k", "up"], label: "up", footer: true, run: model => model.scroll(-1) }),
  scrolling({ keys: ["pagedown", "ctrl-d", " "], label: "page down", run: model => model.scroll(model.page) }),
  scrolling({ keys: ["pageup", "ctrl-u"], label: "page up", run: model => model.scroll(-model.page) }),
  scrolling({ keys: ["g", "home"], label: "top", run: model => model.scroll(Number.NEGATIVE_INFINITY) }),
  scrolling({ keys: ["G", "end"], label: "end", run: model => model.scroll(Number.POSITIVE_INFINITY) }),
]

interface ScrolledProps {
  readonly lines: readonly (readonly Piece[])[]
  readonly top: number
  readonly size: Size
}

/** The lines in sight. */
export function Scrolled({ lines, top, size }: ScrolledProps) {
  return (
    <Box flexDirection="column">
      <Lines lines={lines.slice(top, top + size.rows)} columns={size.columns} />
    </Box>
  )
}
