const BEGIN_FRAME = "\x1b[?2026h"
const END_FRAME = "\x1b[?2026l"
const ENTER_ALTERNATE = "\x1b[?1049h"
const ERASE_ALL = "\x1b[2J"
const ERASE_LINE = "\x1b[K"
/** Off while a frame is drawn: a row from before a resize is clipped instead of pushing the others down. */
const WRAP_OFF = "\x1b[?7l"
const WRAP_ON = "\x1b[?7h"

/** How Ink goes back over the frame before; what follows is the next frame. */
const GOING_BACK = /^(?:\x1b\[(?:\d*[AGJK]|\d*;?\d*H))*/

/** Showing and hiding the cursor, which Ink may do within a frame. */
const MODE = /^\x1b\[\?\d+[hl]$/

const at = (row: number) => `\x1b[${row + 1}H`

/**
 * Draws Ink's frames: rows that differ, each at its absolute place. Ink itself draws relative to where it believes the
 * cursor to be, and a terminal that was resized, or is about to be, believes otherwise; then the frame stays askew.
 */
export class FrameWriter {
  private drawn: readonly string[] = []
  private erase = true
  private inFrame = false
  private entered = false

  /** What to write in place of `chunk`, which is one write of Ink's; `rows` is the height of the terminal. */
  take(chunk: string, rows: number): string {
    if (chunk === BEGIN_FRAME || chunk === END_FRAME) {
      this.inFrame = chunk === BEGIN_FRAME
      return ""
    }
    if (this.inFrame && !MODE.test(chunk)) return this.draw(chunk.replace(GOING_BACK, "").split("\n").slice(0, rows))
    if (chunk !== ENTER_ALTERNATE) return chunk
    // The skeleton entered it already; a second time it is entered on coming back from a suspension.
    const again = this.entered
    this.entered = true
    this.forget()
    return again ? chunk : ""
  }

  /** The screen is not what was drawn: all of the next frame is. */
  forget(): void {
    this.drawn = []
    this.erase = true
  }

  private draw(lines: readonly string[]): string {
    const changed: string[] = []
    for (let row = 0; row < Math.max(lines.length, this.drawn.length); row++) {
      const line = lines[row] ?? ""
      if (line !== (this.drawn[row] ?? "")) changed.push(at(row) + ERASE_LINE + line)
    }
    if (changed.length === 0 && !this.erase) return ""
    const body = (this.erase ? ERASE_ALL : "") + changed.join("")
    this.drawn = lines
    this.erase = false
    return BEGIN_FRAME + WRAP_OFF + body + WRAP_ON + at(lines.length - 1) + END_FRAME
  }
}

/** Sends Ink's frames to `stdout` through a FrameWriter until the function returned is called. */
export function drawAbsolutely(stdout: NodeJS.WriteStream): () => void {
  const writer = new FrameWriter()
  const write = stdout.write
  const forget = () => writer.forget()
  stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) =>
    write.call(stdout, typeof chunk === "string" ? writer.take(chunk, stdout.rows) : chunk, ...rest)) as typeof write
  // Before Ink hears of it: its next frame is drawn whole.
  stdout.prependListener("resize", forget)
  return () => {
    stdout.write = write
    stdout.off("resize", forget)
  }
}
