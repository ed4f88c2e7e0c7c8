import xterm from "@xterm/headless"
import { FrameWriter } from "../../src/ui/terminal/frame-writer.ts"

/** A terminal, and the writer that draws on it. */
export class Drawing {
  readonly terminal: xterm.Terminal
  readonly writer = new FrameWriter()
  written = ""

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  }

  async frame(lines: readonly string[]): Promise<void> {
    this.written = this.writer.draw(lines.slice(0, this.terminal.rows), this.terminal.cols)
    await this.write(this.written)
  }

  write(text: string): Promise<void> {
    return new Promise(resolve => this.terminal.write(text, resolve))
  }

  /** Every cell with its character, its width and its colours. */
  get cells(): string[] {
    const { active } = this.terminal.buffer
    return Array.from({ length: this.terminal.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row)
      return Array.from({ length: this.terminal.cols }, (_, column) => {
        const cell = line?.getCell(column)
        const colours = `${cell?.getFgColor()}/${cell?.getBgColor()}`
        const style = `${cell?.isInverse() ? "i" : ""}${cell?.isBold() ? "b" : ""}${cell?.isDim() ? "d" : ""}`
        return `${cell?.getChars() || " "}${cell?.getWidth()}${colours}${style}`
      }).join("|")
    })
  }

  /** What the screen would be, had `lines` been all that was ever drawn. */
  async whole(lines: readonly string[]): Promise<string[]> {
    const fresh = new Drawing(this.terminal.cols, this.terminal.rows)
    await fresh.frame(lines)
    return fresh.cells
  }
}
