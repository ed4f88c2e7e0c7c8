import { ENTER_ALTERNATE, eraseRows, LEAVE_ALTERNATE } from "./alternate-screen.ts"
import { BELL } from "./bell.ts"
import { BEGIN_FRAME, END_FRAME, FrameWriter } from "./frame-writer.ts"
import { NonBlockingWriter, type TerminalFile } from "./non-blocking-writer.ts"

/** Sequences with which Ink moves back over the previous frame; the next frame follows. */
const MOVING_BACK = /^(?:\x1b\[(?:\d*[AGJK]|\d*;?\d*H))*/

/** Showing and hiding the cursor, which Ink may do within a frame. */
const MODE = /^\x1b\[\?\d+[hl]$/

/**
 * Duration of a frame from which on the output is backed up and the next frame waits. A busy machine alone causes
 * shorter ones.
 */
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
 * Separates Ink's frames from its other output, and draws the newest one whenever the terminal has taken the one
 * before. Frames in between are dropped; a slow terminal gets at most two a second.
 */
export class FrameOutput {
  private readonly frames = new FrameWriter()
  private readonly terminal: NonBlockingWriter
  private inFrame = false
  private entered = false
  /** Whether the alternate screen is on. */
  private isAlternate = false
  private busy = false
  /** Other output waiting for its turn, before the frame: nothing that follows a frame may clear part of it. */
  private rest = ""
  /** The frame waiting for its turn. */
  private newest: Frame | undefined
  /** The last frame drawn. */
  private drawn: Frame | undefined
  private refreshing: NodeJS.Timeout | undefined
  /** Who waits for a frame that is not made yet, and for the newest. */
  private readonly awaiting = { later: [] as (() => void)[], newest: [] as (() => void)[] }

  constructor(file: TerminalFile) {
    this.terminal = new NonBlockingWriter(file)
  }

  /** Handles one write of Ink's; `size` is that of the terminal. */
  take(chunk: string, size: TerminalSize): void {
    if (chunk === BEGIN_FRAME || chunk === END_FRAME) {
      this.inFrame = chunk === BEGIN_FRAME
      return
    }
    if (this.inFrame && !MODE.test(chunk)) {
      const lines = chunk.replace(MOVING_BACK, "").split("\n").slice(0, size.rows)
      this.newest = { lines, columns: size.columns }
      this.awaiting.newest.push(...this.awaiting.later.splice(0))
      this.next()
    } else if (chunk === ENTER_ALTERNATE) this.enter()
    else if (chunk === LEAVE_ALTERNATE) this.leave(size)
    else if (!this.isAlternate) this.writeSync(chunk)
    else {
      // Rung once for everything that happened while the terminal was slow.
      if (chunk !== BELL || !this.rest.endsWith(BELL)) this.rest += chunk
      this.next()
    }
  }

  /** Enters the alternate screen. The skeleton entered it already; it is entered again after a suspension. */
  private enter(): void {
    this.writeSync(this.entered ? ENTER_ALTERNATE : "")
    this.entered = true
    this.isAlternate = true
    this.forget()
  }

  private leave({ rows }: TerminalSize): void {
    this.newest = undefined
    this.awaiting.later.push(...this.awaiting.newest.splice(0))
    this.drawn = undefined
    this.isAlternate = false
    const { rest } = this
    this.rest = ""
    this.writeSync(rest + this.frames.ending + eraseRows(rows) + LEAVE_ALTERNATE)
  }

  /** Writes `text` synchronously: the shell, or the end of the process, comes after it. */
  private writeSync(text: string): void {
    if (!this.terminal.writeSync(text)) this.forget()
  }

  /** Calls `done` once the terminal has taken a frame that Ink makes after this call. */
  whenDrawn(done: () => void): void {
    this.awaiting.later.push(done)
  }

  /** Shortens the waits, since the program is about to end, even if the terminal is stuck. */
  endSoon(): void {
    this.terminal.endSoon()
  }

  /** Has the terminal scroll part of its columns from now on: it has left and right margins. */
  allowMargins(): void {
    this.frames.allowMargins()
  }

  /** Forgets the drawn frame: the next one is drawn completely. */
  forget(): void {
    this.frames.forget()
  }

  /** Has the next frame drawn completely, or the last one again if none comes soon. */
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
    const drawn = frame === undefined ? [] : this.awaiting.newest.splice(0)
    this.newest = undefined
    this.rest = ""
    const tell = () => {
      for (const done of drawn) done()
    }
    if (text === "") {
      tell()
      return
    }
    this.busy = true
    const began = performance.now()
    this.terminal.write(text, () => {
      tell()
      this.taken(performance.now() - began)
    })
  }

  /** Called when the terminal has taken a frame, `ms` after it was begun. */
  private taken(ms: number): void {
    const goOn = () => {
      this.busy = false
      this.next()
    }
    if (ms < BACKED_UP_MS) goOn()
    else setTimeout(goOn, BACKED_UP_PACE_MS - ms)
  }
}
