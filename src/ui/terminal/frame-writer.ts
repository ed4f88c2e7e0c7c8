import { type Cursor, takeCursor } from "./cursor.ts"
import { NO_MARGINS } from "./margins.ts"
import { rowChange } from "./row-change.ts"
import { columnsThatMove, findScroll, type Scroll, type Shown, scrolled, scrollSequence } from "./scroll.ts"

/** Begin and end of a synchronized update: a terminal that supports them shows its contents at once. */
export const BEGIN_FRAME = "\x1b[?2026h"
export const END_FRAME = "\x1b[?2026l"

/** Styles and scroll region are reset first: the frame before may have arrived in part only. */
const ERASE_ALL = "\x1b[m\x1b[r\x1b[2J"
/** Off while frames are drawn: a row from before a resize is clipped instead of pushing the others down. */
const WRAP_OFF = "\x1b[?7l"
const WRAP_ON = "\x1b[?7h"

const SHOW_CURSOR = "\x1b[?25h"
const HIDE_CURSOR = "\x1b[?25l"

const at = (row: number) => `\x1b[${row + 1}H`

/**
 * Draws frames: scrolled rows, and the others that differ each at its absolute position. Ink itself draws relative to
 * where it believes the cursor to be, which is wrong after a resize; then the frame stays askew.
 */
export class FrameWriter {
  private drawn: readonly string[] = []
  /** Where the terminal shows its cursor. */
  private cursor: Cursor | undefined
  private erase = true
  /** Whether the terminal has left and right margins. */
  private hasMargins = false

  /**
   * Returns the sequence that turns the previous frame into the one of `marked`, in a terminal of `columns`; empty when
   * they do not differ. Wrapping is off from the first frame on. The cursor is shown where one types, and only there.
   */
  draw(marked: readonly string[], columns: number): string {
    const { lines, cursor } = takeCursor(marked)
    const body = this.erase
      ? WRAP_OFF + this.widest + ERASE_ALL + differing([], lines, columns)
      : this.changes(lines, columns)
    const hide = this.erase || (this.cursor && (body !== "" || !cursor)) ? HIDE_CURSOR : ""
    const isMoved = cursor?.row !== this.cursor?.row || cursor?.column !== this.cursor?.column
    this.drawn = lines
    this.cursor = cursor
    this.erase = false
    if (body === "" && !isMoved) return ""
    const last = cursor ? `\x1b[${cursor.row + 1};${cursor.column + 1}H${SHOW_CURSOR}` : at(lines.length - 1)
    return BEGIN_FRAME + hide + body + last + END_FRAME
  }

  /** Forgets the previous frame: the next one is drawn completely. */
  forget(): void {
    this.erase = true
  }

  /** Has the terminal scroll part of its columns from now on. */
  allowMargins(): void {
    this.hasMargins = true
  }

  /** Sequence that undoes what frames have set, the last one perhaps in part. */
  get ending(): string {
    return WRAP_ON + this.widest
  }

  private get widest(): string {
    return this.hasMargins ? NO_MARGINS : ""
  }

  /** The shortest way: to write what differs, or to scroll first, the whole width or what moves alone. */
  private changes(after: readonly string[], columns: number): string {
    const before = this.drawn
    const still = differing(before, after, columns)
    const scroll = still && findScroll(before, after)
    if (!scroll) return still
    const moving = this.hasMargins ? columnsThatMove(before, after, scroll) : undefined
    const scrolls: readonly Scroll[] = moving === undefined ? [scroll] : [scroll, { ...scroll, columns: moving }]
    const ways = scrolls.map(one => scrollSequence(one) + differing(scrolled(before, one), after, columns))
    return ways.reduce((shortest, way) => (way.length < shortest.length ? way : shortest), still)
  }
}

function differing(before: readonly Shown[], after: readonly string[], columns: number): string {
  let rows = ""
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const [old, text] = [row < before.length ? (before[row] as Shown) : "", after[row] ?? ""]
    if (text !== old) rows += rowChange(row, old, text, columns)
  }
  return rows
}
