import { Box } from "ink"
import type { Binding } from "../keys/binding.ts"
import { Lines, type Piece } from "../widgets/line.tsx"
import { moving, pageOf } from "./moving.ts"
import type { Size } from "./screen.ts"
import { useScreenState } from "./shell.ts"

/** Model of lines that scroll. */
type Scrolling = ReturnType<typeof useScrolling>

/** Keeps the scroll position in `lines`, also while other screens are on top. */
export function useScrolling(lines: number, rows: number) {
  const lowest = Math.max(0, lines - rows)
  const within = (top: number) => Math.min(Math.max(0, top), lowest)
  const [kept, change] = useScreenState("scrolling", () => 0)
  return {
    /** First visible line. */
    top: within(kept),
    /** Largest `top`; 0 where everything fits. */
    lowest,
    page: pageOf(rows),
    move: (by: number) => change(top => within(within(top) + by)),
  }
}

const scrolls = { repeats: true, possible: ({ lowest }: Scrolling) => lowest > 0 }

/** Keys that scroll; impossible where everything fits. */
export const scrollBindings: readonly Binding<Scrolling>[] = moving({
  down: { ...scrolls, footer: true },
  up: { ...scrolls, footer: true },
  "page down": { ...scrolls, keys: ["pagedown", "ctrl-d", " "] },
  "page up": scrolls,
  top: scrolls,
  end: scrolls,
})

interface ScrolledProps {
  readonly lines: readonly (readonly Piece[])[]
  readonly top: number
  readonly size: Size
}

/** Draws the visible lines. */
export function Scrolled({ lines, top, size }: ScrolledProps) {
  return (
    <Box flexDirection="column">
      <Lines lines={lines.slice(top, top + size.rows)} columns={size.columns} />
    </Box>
  )
}
