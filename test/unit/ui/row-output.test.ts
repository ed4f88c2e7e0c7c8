import xterm from "@xterm/headless"
import fc from "fast-check"
import { expect, test } from "vitest"
import Output from "../../../node_modules/ink/build/output.js"
import RowOutput from "../../../src/ui/terminal/row-output.ts"

const COLUMNS = 24
const ROWS = 8

const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "王", "\u001b[32mg\u001b[39m", "─"), maxLength: 12 })
const write = fc.record({
  kind: fc.constant("write" as const),
  x: fc.constantFrom(0, 0, 0, 3, 8, 13),
  y: fc.integer({ min: -1, max: ROWS }),
  text: fc.oneof({ weight: 8, arbitrary: text }, { weight: 1, arbitrary: fc.constant("one\ntwo") }),
  /** As a row is drawn: a blank that turns into it. */
  transformed: fc.boolean(),
})
const place = fc.record({
  kind: fc.constant("place" as const),
  y1: fc.integer({ min: 0, max: ROWS }),
  y2: fc.integer({ min: 0, max: ROWS }),
  x2: fc.option(fc.integer({ min: 0, max: COLUMNS }), { nil: undefined, freq: 8 }),
  writes: fc.array(write, { maxLength: 6 }),
})
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never
type Step = Write | (typeof place extends fc.Arbitrary<infer T> ? T : never)

function draw(output: Output, steps: readonly Step[]): string {
  const put = ({ x, y, text, transformed }: Write) =>
    output.write(x, y, transformed ? " " : text, { transformers: transformed ? [() => text] : [] })
  for (const step of steps) {
    if (step.kind === "write") put(step)
    else {
      output.clip({ x1: step.x2 === undefined ? undefined : 0, x2: step.x2, y1: step.y1, y2: step.y2 })
      step.writes.forEach(put)
      output.unclip()
    }
  }
  return output.get().output
}

async function seen(output: string): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: COLUMNS * 2, rows: ROWS, allowProposedApi: true, convertEol: true })
  await new Promise<void>(resolve => terminal.write(output, resolve))
  const { active } = terminal.buffer
  return Array.from({ length: ROWS }, (_, row) => active.getLine(row)?.translateToString(true) ?? "")
}

test("a frame looks as Ink's own would, of whole rows, of parts of rows and of what is written over others", async () => {
  const size = { width: COLUMNS, height: ROWS }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(write, place), { maxLength: 6 }), async steps => {
      expect(await seen(draw(new RowOutput(size), steps))).toEqual(await seen(draw(new Output(size), steps)))
    }),
    { numRuns: 400 },
  )
})
