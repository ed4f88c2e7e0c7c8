// Not one of Ink's exports: the build replaces this class by the one below (scripts/build.mjs).

import Output from "../../../node_modules/ink/build/output.js"
import textWidth from "../../domain/text-width.ts"

type Write = Parameters<Output["write"]>
type Clip = Parameters<Output["clip"]>[0]

let drawsRows = true

/** Has Ink alone assemble frames from now on. */
export function leaveRowsToInk(): void {
  drawsRows = false
}

/**
 * Assembles a frame. Ink makes a cell of every column of every row, which was a third of the cost of a frame; but most
 * of our frames are whole rows, one below another, and parts of rows from left to right, and those go through as they
 * are. From the first write over another, as of a dialog, Ink's own code takes over.
 */
export default class RowOutput extends Output {
  private rows: string[] | undefined = drawsRows ? [] : undefined
  private readonly clips: Clip[] = []
  private readonly replay: (() => void)[] = []

  override write(...write: Write): void {
    this.replay.push(() => super.write(...write))
    if (this.rows) this.rows = this.placed(this.rows, ...write)
  }

  override clip(clip: Clip): void {
    this.replay.push(() => super.clip(clip))
    this.clips.push(clip)
  }

  override unclip(): void {
    this.replay.push(() => super.unclip())
    this.clips.pop()
  }

  override get(): ReturnType<Output["get"]> {
    if (this.rows) {
      const rows = Array.from({ length: this.height }, (_, row) => this.rows?.[row] ?? "")
      return { output: rows.join("\n"), height: this.height }
    }
    for (const call of this.replay) call()
    return super.get()
  }

  /**
   * Returns the rows with one more write, undefined when it is neither a row by itself nor to the right of the row so
   * far.
   */
  private placed(rows: string[], x: number, y: number, text: string, { transformers }: Write[3]): string[] | undefined {
    const isWhole =
      x >= 0 && !text.includes("\n") && this.clips.every(clip => clip.x1 === undefined && clip.x2 === undefined)
    if (!isWhole) return undefined
    if (this.clips.some(({ y1 = 0, y2 = this.height }) => y < y1 || y >= y2)) return rows
    const before = rows[y] ?? ""
    const gap = x - textWidth(before)
    const line = transformers.reduce((line, transform) => transform(line, 0), text)
    if (gap < 0 || line.includes("\n")) return undefined
    rows[y] = `${before}${" ".repeat(gap)}${line}`.trimEnd()
    return rows
  }
}
