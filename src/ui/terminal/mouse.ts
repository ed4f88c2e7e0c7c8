import type { OutputStep } from "./output-step.ts"

/** What a mouse does on the screen; rows from 0. */
export type Pointing =
  | { readonly kind: "wheel"; readonly by: 1 | -1 }
  | { readonly kind: "click"; readonly row: number }

/** Buttons and wheel are reported, and as SGR 1006 writes them, which has no end at column 223. */
const MODES = ["\x1b[?1000", "\x1b[?1006"]

const ENTER_ALTERNATE = "\x1b[?1049h"
const LEAVE_ALTERNATE = "\x1b[?1049l"

const REPORT = /\x1b\[<(\d{1,5});(\d{1,5});(\d{1,5})([Mm])/g
const SHIFT_ALT_CTRL = 4 + 8 + 16
const LEFT = 0
const WHEEL_UP = 64
const WHEEL_DOWN = 65

/** The mouse of a terminal: takes its reports out of what is typed, and tells whoever listens. */
export class Mouse {
  private listener: ((pointing: Pointing) => void) | undefined

  /** One listener at a time; the function returned takes it away. */
  listen(listener: (pointing: Pointing) => void): () => void {
    this.listener = listener
    return () => {
      if (this.listener === listener) this.listener = undefined
    }
  }

  /** What of `typed` is no report; reports are told. */
  take(typed: string): string {
    return typed.replace(REPORT, (_, button, _column, row, end) => {
      this.report(Number(button), Number(row), end === "M")
      return ""
    })
  }

  private report(code: number, row: number, pressed: boolean): void {
    const button = code & ~SHIFT_ALT_CTRL
    if (!pressed) return
    if (button === LEFT) this.listener?.({ kind: "click", row: row - 1 })
    if (button === WHEEL_UP || button === WHEEL_DOWN) {
      this.listener?.({ kind: "wheel", by: button === WHEEL_UP ? -1 : 1 })
    }
  }
}

/**
 * Writes on to `terminal`, and has it report its mouse as long as the alternate screen is on: after a suspension again, and
 * however the program ends no longer.
 */
export function reportMouse(terminal: OutputStep): OutputStep {
  let on = false
  const turn = (to: boolean) => {
    if (on !== to) for (const mode of MODES) terminal.write(mode + (to ? "h" : "l"))
    on = to
  }
  const off = () => turn(false)
  process.once("exit", off)
  return {
    write: chunk => {
      if (chunk === LEAVE_ALTERNATE) off()
      terminal.write(chunk)
      if (chunk === ENTER_ALTERNATE) turn(true)
    },
    end: () => {
      off()
      process.off("exit", off)
      terminal.end()
    },
  }
}
