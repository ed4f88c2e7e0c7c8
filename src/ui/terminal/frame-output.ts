import { BELL } from "./bell.ts"
import { BEGIN_FRAME, END_FRAME, FrameWriter, WRAP_ON } from "./frame-writer.ts"
import { type TerminalFile, UnhurriedWriter } from "./unhurried.ts"

const ENTER_ALTERNATE = "\x1b[?1049h"
const LEAVE_ALTERNATE = "\x1b[?1049l"

/** How Ink goes back over the frame before; what follows is the next frame. */
const GOING_BACK = /^(?:\x1b\[(?:\d*[AGJK]|\d*;?\d*H))*/

/** Showing and hiding the cursor, which Ink may do within a frame. */
const MODE = /^\x1b\[\?\d+[hl]$/

/** Output backs up when a frame takes so long; the next one then waits. Less is what a busy machine does to any. */
const BACKED_UP_MS = 100
const BACKED_UP_PACE_MS = 500

/** Ink draws soon after a resize, if it draws at all. */
const DRAWN_WITHIN_MS = 100

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

interface Frame {
  readonly lines: readonly string[]
  readonly columns: number
}

/**
 * Tells Ink's frames from what else it writes, and draws the newest one whenever the terminal has taken the one before.
 * What comes in between is dropped; on a terminal that is slow to take them there are at most two a second.
 */
export class FrameOutput {
  private readonly frames = new FrameWriter()
  private readonly terminal: UnhurriedWriter
  private inFrame = false
  private entered = false
  /** The screen is the console's, not the shell's. */
  private isOurs = false
  private busy = false
  /** What else waits for its turn, before the frame: what comes after it clears nothing that it has drawn. */
  private rest = ""
  /** The frame that waits for its turn. */
  private newest: Frame | undefined
  /** The frame that was drawn. */
  private drawn: Frame | undefined
  private refreshing: NodeJS.Timeout | undefined

  constructor(file: TerminalFile) {
    this.terminal = new UnhurriedWriter(file)
  }

  /** Takes one write of Ink's, and writes what belongs in its place; `size` is that of the terminal. */
  take(chunk: string, size: TerminalSize): void {
    if (chunk === BEGIN_FRAME || chunk === END_FRAME) {
      this.inFrame = chunk === BEGIN_FRAME
      return
    }
    if (this.inFrame && !MODE.test(chunk)) {
      const lines = chunk.replace(GOING_BACK, "").split("\n").slice(0, size.rows)
      this.newest = { lines, columns: size.columns }
      this.next()
    } else if (chunk === ENTER_ALTERNATE) this.enter()
    else if (chunk === LEAVE_ALTERNATE) this.leave()
    else if (!this.isOurs) this.insist(chunk)
    else {
      // Rung once for all that happened while the terminal was slow.
      if (chunk !== BELL || !this.rest.endsWith(BELL)) this.rest += chunk
      this.next()
    }
  }

  /** The skeleton entered it already; a second time it is entered on coming back from a suspension. */
  private enter(): void {
    this.insist(this.entered ? ENTER_ALTERNATE : "")
    this.entered = true
    this.isOurs = true
    this.forget()
  }

  private leave(): void {
    this.newest = undefined
    this.drawn = undefined
    this.isOurs = false
    const { rest } = this
    this.rest = ""
    this.insist(rest + WRAP_ON + LEAVE_ALTERNATE)
  }

  /** Writes `text` before anything else happens: the shell, or nobody, comes after it. */
  private insist(text: string): void {
    if (!this.terminal.insist(text)) this.forget()
  }

  /** The program is to end soon, even if the terminal is stuck. */
  hasten(): void {
    this.terminal.hasten()
  }

  /** The screen is not what was drawn: all of the next frame is. */
  forget(): void {
    this.frames.forget()
  }

  /** The screen may not be what was drawn: all of the next frame is, and the last one again where none comes soon. */
  refresh(): void {
    this.forget()
    clearTimeout(this.refreshing)
    this.refreshing = setTimeout(() => {
      this.newest ??= this.drawn
      this.next()
    }, DRAWN_WITHIN_MS)
  }

  private next(): void {
    if (this.busy) return
    this.drawn = this.newest ?? this.drawn
    const frame = this.newest && this.frames.draw(this.newest.lines, this.newest.columns)
    const text = this.rest + (frame ?? "")
    this.newest = undefined
    this.rest = ""
    if (text === "") return
    this.busy = true
    const began = performance.now()
    this.terminal.write(text, () => this.taken(performance.now() - began))
  }

  /** The terminal has taken a frame, `ms` after it was begun. */
  private taken(ms: number): void {
    const goOn = () => {
      this.busy = false
      this.next()
    }
    if (ms < BACKED_UP_MS) goOn()
    else setTimeout(goOn, BACKED_UP_PACE_MS - ms)
  }
}
