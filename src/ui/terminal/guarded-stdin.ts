import { PassThrough } from "node:stream"
import type { Mouse } from "./mouse.ts"

const PASTE_BEGINS = "\x1b[200~"
const PASTE_ENDS = "\x1b[201~"
const PASTE_LIMIT = 1024 * 1024
/** Longest pause within a paste, also over a slow link. */
const PAUSE_MS = 2000

/** Possible beginning of a paste, or of a mouse report; Esc alone is one, too. */
const BEGINNING = /\x1b(\[(20{0,2}|<[\d;]{0,17})?)?$/
/** Time that the rest of a sequence takes; nothing follows the Esc key. */
const REST_MS = 20

/** Ctrl-C on its own: a paste hardly ever comes in such pieces. */
const INTERRUPT = /^\x03+$/

/** F5 has no name in Ink; it does what Ctrl-R does. */
const F5 = /\x1b\[15~/g

/**
 * Guards standard input for Ink: a paste that does not end is ended for it, after 1 MB, a pause, or Ctrl-C, since Ink
 * would swallow every key after it. The rest of an ended paste is dropped until its end or a pause. Calls `touched` for
 * any input; mouse reports go to `mouse`.
 */
export function guardStdin(stdin: NodeJS.ReadStream, touched: () => void, mouse?: Mouse): NodeJS.ReadStream {
  const guarded = new PassThrough()
  const guard = new InputGuard(text => guarded.write(text), mouse)
  stdin.setEncoding("utf8")
  stdin.on("data", chunk => {
    touched()
    guard.take(String(chunk))
  })
  stdin.on("end", () => guarded.end())
  return Object.assign(guarded, {
    isTTY: true as const,
    setRawMode: (raw: boolean) => stdin.setRawMode(raw),
    ref: () => stdin.ref(),
    unref: () => stdin.unref(),
  }) as unknown as NodeJS.ReadStream
}

/** State machine of the guard, independent of streams. */
export class InputGuard {
  private readonly write: (text: string) => void
  private readonly mouse: Pick<Mouse, "take"> | undefined
  private state: "typing" | "pasting" | "dropping" = "typing"
  private pasted = 0
  private pause: NodeJS.Timeout | undefined
  /** End of a chunk that may be the beginning of a sequence, and the time until which it waits for the rest. */
  private held = ""
  private rest: NodeJS.Timeout | undefined

  constructor(write: (text: string) => void, mouse?: Pick<Mouse, "take">) {
    this.write = write
    this.mouse = mouse
  }

  take(chunk: string): void {
    clearTimeout(this.rest)
    if (this.state !== "typing" && INTERRUPT.test(chunk)) this.finish("typing")
    let text = this.held + chunk
    this.held = ""
    while (text !== "") text = this.state === "typing" ? this.typed(text) : this.inPaste(text)
    this.pause?.refresh()
  }

  private typed(text: string): string {
    const at = text.indexOf(PASTE_BEGINS)
    if (at < 0) {
      this.held = BEGINNING.exec(text)?.[0] ?? ""
      if (this.held !== "") this.rest = setTimeout(() => this.release(), REST_MS)
      this.pressed(text.slice(0, text.length - this.held.length))
      return ""
    }
    this.pressed(text.slice(0, at))
    this.write(PASTE_BEGINS)
    this.state = "pasting"
    this.pasted = 0
    this.pause = setTimeout(() => this.finish("typing"), PAUSE_MS)
    return text.slice(at + PASTE_BEGINS.length)
  }

  /** The rest never came: these were keys, except for half a mouse report. */
  private release(): void {
    const { held } = this
    this.held = ""
    if (!held.includes("<")) this.pressed(held)
  }

  private pressed(text: string): void {
    const typed = this.mouse ? this.mouse.take(text) : text
    if (typed !== "") this.write(typed.replace(F5, "\x12"))
  }

  private inPaste(text: string): string {
    const end = text.indexOf(PASTE_ENDS)
    if (end >= 0) {
      this.pass(text.slice(0, end))
      this.finish("typing")
      return text.slice(end + PASTE_ENDS.length)
    }
    const safe = text.length - markStart(text)
    this.held = text.slice(safe)
    this.pass(text.slice(0, safe))
    return ""
  }

  /** Passes on the part of a paste that is within the limit. */
  private pass(text: string): void {
    if (this.state !== "pasting") return
    const room = PASTE_LIMIT - this.pasted
    this.pasted += text.length
    this.write(text.slice(0, room))
    if (this.pasted >= PASTE_LIMIT) this.finish("dropping")
  }

  private finish(next: "typing" | "dropping"): void {
    if (this.state === "pasting") this.write(PASTE_ENDS)
    this.state = next
    if (next === "dropping") return
    clearTimeout(this.pause)
    this.pause = undefined
    this.held = ""
  }
}

/** Returns how many characters at the end of `text` may begin the mark that ends a paste. */
function markStart(text: string): number {
  for (let length = Math.min(PASTE_ENDS.length - 1, text.length); length > 0; length--) {
    if (PASTE_ENDS.startsWith(text.slice(-length))) return length
  }
  return 0
}
