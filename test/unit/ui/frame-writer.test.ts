import xterm from "@xterm/headless"
import fc from "fast-check"
import { expect, test } from "vitest"
import { FrameWriter } from "../../../src/ui/terminal/frame-writer.ts"

const BEGIN = "\x1b[?2026h"
const END = "\x1b[?2026l"

/** A terminal, and a console that draws on it the way Ink does: going back over the frame before. */
class Drawing {
  readonly terminal: xterm.Terminal
  readonly writer = new FrameWriter()
  written = ""

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  }

  async frame(lines: readonly string[]): Promise<void> {
    const chunks = [BEGIN, `\x1b[2K\x1b[1A\x1b[2K\x1b[G${lines.join("\n")}`, END]
    this.written = chunks.map(chunk => this.writer.take(chunk, this.terminal.rows)).join("")
    await new Promise<void>(resolve => this.terminal.write(this.written, resolve))
  }

  get screen(): string[] {
    const { active } = this.terminal.buffer
    return Array.from(
      { length: this.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    )
  }
}

const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "王", "\u001b[32mg\u001b[39m", "─"), maxLength: 30 })
const step = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 12 }),
  resized: fc.option(fc.record({ columns: fc.integer({ min: 5, max: 30 }), rows: fc.integer({ min: 2, max: 12 }) })),
  /** Whether a frame of the old size is drawn before the program hears of the resize, and another after. */
  late: fc.boolean(),
})

test("whatever was drawn before, however the terminal was resized, the screen shows the last frame", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
      const drawing = new Drawing(20, 8)
      for (const { lines, resized, late } of steps) {
        if (resized) {
          drawing.terminal.resize(resized.columns, resized.rows)
          if (late) await drawing.frame([...lines].reverse())
          drawing.writer.forget()
          if (late) await drawing.frame(["x".repeat(40), ...lines])
        }
        await drawing.frame(lines)
      }
      const fresh = new Drawing(drawing.terminal.cols, drawing.terminal.rows)
      await fresh.frame((steps.at(-1) as { lines: string[] }).lines)
      expect(drawing.screen).toEqual(fresh.screen)
    }),
    { numRuns: 150 },
  )
})

test("rows that did not change are not written again", async () => {
  const drawing = new Drawing(20, 8)
  await drawing.frame(["one", "two", "three"])
  await drawing.frame(["one", "2", "three"])
  expect(drawing.written).toContain("2")
  expect(drawing.written).not.toContain("one")
  await drawing.frame(["one", "2", "three"])
  expect(drawing.written).toBe("")
})

test("what is no frame passes as it is; the alternate screen is entered by the skeleton, and again after a suspension", () => {
  const writer = new FrameWriter()
  expect(writer.take("\x1b[?25l", 8)).toBe("\x1b[?25l")
  expect(writer.take("\x1b[?1049h", 8)).toBe("")
  expect(writer.take("\x1b[?1049h", 8)).toBe("\x1b[?1049h")
})
