import { writeSync } from "node:fs"
import { BELL } from "./bell.ts"
import { BEGIN_FRAME, END_FRAME, FrameWriter, WRAP_ON } from "./frame-writer.ts"
import { ENDING } from "./skeleton.ts"
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
  private busy = false
  /** The bell that waits for its turn, or nothing. */
  private bell = ""
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
      return
    }
    if (chunk === BELL) {
      this.bell = BELL
      this.next()
      return
    }
    if (chunk !== "" && !this.terminal.insist(this.inPlaceOf(chunk))) this.forget()
  }

  private inPlaceOf(chunk: string): string {
    if (chunk === LEAVE_ALTERNATE) {
      this.newest = undefined
      this.drawn = undefined
      return WRAP_ON + chunk
    }
    if (chunk !== ENTER_ALTERNATE) return chunk
    // The skeleton entered it already; a second time it is entered on coming back from a suspension.
    const again = this.entered
    this.entered = true
    this.forget()
    return again ? chunk : ""
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
    const text = (frame ?? "") + this.bell
    this.newest = undefined
    this.bell = ""
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

type TerminalStream = NodeJS.WriteStream & { fd: number }

/**
 * Sends Ink's frames to `stdout` through a FrameOutput until the function returned is called; nothing that is written to a
 * terminal meanwhile waits for one that is stuck, not even on `stderr`, where the cursor is shown again at the end.
 */
export function drawAbsolutely(stdout: TerminalStream, stderr: TerminalStream): () => void {
  const output = new FrameOutput(fileOf(stdout))
  const errors = new UnhurriedWriter(fileOf(stderr))
  const restore = [
    redirect(stdout, chunk => output.take(chunk, stdout)),
    ...(stderr.isTTY ? [redirect(stderr, chunk => errors.insist(chunk))] : []),
  ]
  const refresh = () => output.refresh()
  // Before Ink hears of it: its next frame is drawn whole. Back at the size it had, a terminal may have lost rows all the same.
  process.prependListener("SIGWINCH", refresh)
  // The second time Ink hears of it alone, and ends the program as it would have the first time.
  const hasten = (signal: NodeJS.Signals) => {
    output.hasten()
    errors.hasten()
    process.kill(process.pid, signal)
  }
  for (const signal of ENDING) process.once(signal, hasten)
  return () => {
    for (const undo of restore) undo()
    process.off("SIGWINCH", refresh)
    for (const signal of ENDING) process.off(signal, hasten)
  }
}

/** Has `take` write what is written to `stream`, until the function returned is called. */
function redirect(stream: TerminalStream, take: (chunk: string) => void): () => void {
  const write = stream.write
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    take(chunk.toString())
    // Whoever waits to be called back is.
    return write.call(stream, "", ...rest)
  }) as typeof write
  return () => {
    stream.write = write
  }
}

/** `offer` makes the terminal non-blocking for its own write alone; all else that writes there finds it as Node set it. */
function fileOf(stream: TerminalStream): TerminalFile {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } }
  const write = stream.write.bind(stream)
  return {
    offer: bytes => {
      handle?.setBlocking?.(false)
      try {
        return writeSync(stream.fd, bytes)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0
        // The stream meets the same error, and says so to whom it concerns.
        write(bytes)
        return bytes.length
      } finally {
        handle?.setBlocking?.(true)
      }
    },
  }
}
