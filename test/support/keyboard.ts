import { TerminalInput } from "../../src/ui/terminal/terminal-input.ts"

/** What terminals send for keys by name. */
export const KEYS: Readonly<Record<string, string>> = {
  enter: "\r",
  esc: "\x1b",
  tab: "\t",
  "shift-tab": "\x1b[Z",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  end: "\x1b[F",
  home: "\x1b[H",
  pageup: "\x1b[5~",
  pagedown: "\x1b[6~",
  backspace: "\x7f",
  delete: "\x1b[3~",
  "ctrl-c": "\x03",
  "ctrl-r": "\x12",
  "ctrl-s": "\x13",
  "ctrl-u": "\x15",
  "ctrl-z": "\x1a",
}

/** Somebody at the keyboard of a terminal that does not exist. */
export class Keyboard {
  readonly input = new TerminalInput({ escapeDelayMs: 0, mouse: false })

  /** Presses keys by name, or types the text, each in a read of its own and long enough after the one before. */
  press(...keys: string[]): void {
    for (const key of keys) {
      this.input.take(Buffer.from(KEYS[key] ?? key))
      this.input.flush()
    }
  }
}
