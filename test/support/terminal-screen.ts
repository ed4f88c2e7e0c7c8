import xterm from "@xterm/headless"
import { drawnOn } from "./drawn-on.ts"

/** What a terminal is like before any program: it wraps lines, and shows a cursor. */
export const MODES_AT_FIRST: ReadonlySet<number> = new Set([7, 25])

/** What stands on a terminal: an emulator that says what can be read there, and where its cursor is. */
export class TerminalScreen {
  /** The private modes of the terminal that are on, such as 25: it shows a cursor. */
  readonly modes = new Set(MODES_AT_FIRST)
  protected readonly emulator: xterm.Terminal
  private hasAlternate = true

  constructor(columns: number, rows: number) {
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    for (const final of ["h", "l"] as const) {
      this.emulator.parser.registerCsiHandler({ prefix: "?", final }, modes => {
        for (const mode of modes.flat()) {
          if (final === "h") this.modes.add(mode)
          else this.modes.delete(mode)
        }
        return modes.includes(1049) && !this.hasAlternate
      })
    }
  }

  /** The rows of the screen as they stand, without the blanks at their ends. */
  get rows(): string[] {
    return Array.from({ length: this.emulator.rows }, (_, row) => this.row(row))
  }

  /** One of them, from 0. */
  row(at: number): string {
    const { active } = this.emulator.buffer
    return (active.getLine(active.viewportY + at)?.translateToString() ?? "").trimEnd()
  }

  get screen(): string {
    return this.rows.join("\n")
  }

  /** The same with how each character is drawn, to compare: a text a row. */
  get drawn(): string[] {
    return drawnOn(this.emulator)
  }

  /** The row that is marked as the selected one. */
  get selected(): string | undefined {
    return this.rows.find(row => row.startsWith("▌"))?.trimEnd()
  }

  /** What can be read on the screen and above it. */
  get everything(): string {
    const { active } = this.emulator.buffer
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true)).join("\n")
  }

  /** Whether any row went on in the next one. */
  get wrapped(): boolean {
    const { active } = this.emulator.buffer
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)).some(line => line?.isWrapped)
  }

  get cursorShown(): boolean {
    return this.modes.has(25)
  }

  /** Where the cursor stands, if it is shown: what is before it in its row. */
  get beforeCursor(): string | undefined {
    const { active } = this.emulator.buffer
    const line = active.getLine(active.viewportY + active.cursorY)
    return this.cursorShown ? line?.translateToString(false, 0, active.cursorX) : undefined
  }

  /** A frame is on its way: what stands on the screen is half of one and half of another. */
  protected get drawing(): boolean {
    return this.modes.has(2026)
  }

  /** Whether the alternate screen is on, as it is while the console is open. */
  get onAlternateScreen(): boolean {
    return this.emulator.buffer.active.type === "alternate"
  }

  /** From now on there is no alternate screen, as on a vt100. */
  withoutAlternate(): this {
    this.hasAlternate = false
    return this
  }
}
