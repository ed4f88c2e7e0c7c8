import { ENTER_ALTERNATE, LEAVE_ALTERNATE } from "./alternate-screen.ts"
import type { OutputStep } from "./output-step.ts"

/** Mouse event; rows from 0. */
export type MouseInput =
  | { readonly kind: "wheel"; readonly by: 1 | -1 }
  | { readonly kind: "click"; readonly row: number }

/** Reports of buttons and wheel, in the encoding SGR 1006, which is not limited to 223 columns. */
const MODES = ["\x1b[?1000", "\x1b[?1006"]

const REPORT = /^\x1b\[<(\d{1,5});\d{1,5};(\d{1,5})([Mm])$/
const SHIFT_ALT_CTRL = 4 + 8 + 16
const LEFT = 0
const WHEEL_UP = 64
const WHEEL_DOWN = 65

/** Reads a report of the mouse; undefined for other sequences, and for what does nothing here. */
export function mouseInput(sequence: string): MouseInput | undefined {
  const [, code, row, end] = REPORT.exec(sequence) ?? []
  if (end !== "M") return undefined
  const button = Number(code) & ~SHIFT_ALT_CTRL
  if (button === LEFT) return { kind: "click", row: Number(row) - 1 }
  if (button !== WHEEL_UP && button !== WHEEL_DOWN) return undefined
  return { kind: "wheel", by: button === WHEEL_UP ? -1 : 1 }
}

/**
 * Output step that enables mouse reports while the alternate screen is on, again after a suspension, and disables them
 * however the program ends.
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
