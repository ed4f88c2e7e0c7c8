import { PassThrough } from "node:stream"
import type { Mouse } from "./mouse.ts"

const PASTE_BEGINS = "\x1b[200~"
const PASTE_ENDS = "\x1b[201~"
const PASTE_LIMIT = 1024 * 1024
const PASTE_MS = 2000

/** F5 has no name in Ink; it does what Ctrl-R does. */
const F5 = /\x1b\[15~/g

/**
 * Standard input as Ink may have it: a paste that does not end is ended for it after 1 MB or 2 s, since Ink would
 * swallow every key after it, Ctrl-C too. What of an ended paste still arrives is dropped until its end or a pause.
 * Whatever comes, `touched` hears of it; what the mouse reports is for `mouse`.
 */
export function guardStdin(stdin: NodeJS.ReadStream, touched: () => void, mouse?: Mouse): NodeJS.ReadStream {
  const guarded = new PassThrough()
  const guard = new PasteGuard(text => guarded.write(text))
  stdin.setEncoding("utf8")
  stdin.on("data", chunk => {
    touched()
    if (mouse) mouse.take(String(chunk), text => guard.take(text))
    else guard.take(String(chunk))
  })
  stdin.on("end", () => guarded.end())
  return Object.assign(guarded, {
    isTTY: true as const,
    setRawMode: (raw: boolean) => stdin.setRawMode(raw),
    ref: () => stdin.ref(),
    unref: () => stdin.unref(),
  }) as unknown as NodeJS.ReadStream
}

/** The part of the guard that knows nothing of streams. */
export class PasteGuard {
  private readonly write: (text: string) => void
  private state: "typing" | "pasting" | "dropping" = "typing"
  private pasted = 0
  private timer: NodeJS.Timeout | undefined
  /** The end of a chunk that may be the beginning of a paste mark. */
  private held = ""

  constructor(write: (text: string) => void) {
    this.write = write
  }

  take(chunk: string): void {
    let text = this.held + chunk
    this.held = ""
    while (text !== "") text = this.state === "typing" ? this.typed(text) : this.inPaste(text)
  }

  private typed(text: string): string {
    const at = text.indexOf(PASTE_BEGINS)
    if (at < 0) {
      this.write(text.replace(F5, "\x12"))
      return ""
    }
    this.write(text.slice(0, at).replace(F5, "\x12") + PASTE_BEGINS)
    this.state = "pasting"
    this.pasted = 0
    this.timer = setTimeout(() => this.cutOff(), PASTE_MS)
    return text.slice(at + PASTE_BEGINS.length)
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

  /** Hands on what of a paste is within the limit. */
  private pass(text: string): void {
    if (this.state !== "pasting") return
    const room = PASTE_LIMIT - this.pasted
    this.pasted += text.length
    this.write(text.slice(0, room))
    if (this.pasted >= PASTE_LIMIT) this.finish("dropping")
  }

  private cutOff(): void {
    if (this.state !== "pasting") return
    this.held = ""
    this.finish("typing")
  }

  private finish(next: "typing" | "dropping"): void {
    clearTimeout(this.timer)
    if (this.state === "pasting") this.write(PASTE_ENDS)
    this.state = next
    if (next === "dropping") this.timer = setTimeout(() => this.finish("typing"), PASTE_MS)
  }
}

/** How many characters at the end of `text` may begin the mark that ends a paste. */
function markStart(text: string): number {
  for (let length = Math.min(PASTE_ENDS.length - 1, text.length); length > 0; length--) {
    if (PASTE_ENDS.startsWith(text.slice(-length))) return length
  }
  return 0
}
