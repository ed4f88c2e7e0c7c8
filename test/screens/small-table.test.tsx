import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { type Shown, show, shown } from "../../src/domain/safe-text.ts"
import { type SmallColumn, SmallTable } from "../../src/ui/widgets/small-table.tsx"

afterEach(cleanup)

const columns = (name: number): readonly SmallColumn<"name" | "cost">[] => [
  { key: "name", width: name, tone: "plain" },
  { key: "cost", width: 5, tone: "strong", align: "right" },
]

const row = (name: string, cost: Shown) => ({ name: show(name), cost })

const ROWS = [
  row("gpt", shown`1.20`),
  row("深度思考-模型", shown`12.34`),
  row("\x1b[31mred\x1b]0;title\x07", shown`0`),
  row("e\u0301te", shown`123456`),
]

const linesOf = (frame: string | undefined) => (frame ?? "").split("\n").map(line => `${line}|`)

test("columns stand below one another, whatever the width of their characters; what a terminal would obey is spelt", () => {
  const { lastFrame } = render(<SmallTable columns={columns(26)} rows={ROWS} />)
  expect(linesOf(lastFrame())).toMatchInlineSnapshot(`
    [
      " gpt                         1.20|",
      " 深度思考-模型              12.34|",
      " \\x1b[31mred\\x1b]0;title\\x…     0|",
      " éte                        1234…|",
    ]
  `)
})

test("what is wider than its column is cut to it", () => {
  const { lastFrame } = render(<SmallTable columns={columns(6)} rows={ROWS} />)
  expect(linesOf(lastFrame())).toMatchInlineSnapshot(`
    [
      " gpt     1.20|",
      " 深度…  12.34|",
      " \\x1b[…     0|",
      " éte    1234…|",
    ]
  `)
})

test("other columns and rows take the place of those before", () => {
  const { lastFrame, rerender } = render(<SmallTable columns={columns(6)} rows={ROWS} />)
  rerender(<SmallTable columns={columns(9)} rows={ROWS.slice(1, 2)} />)
  expect(linesOf(lastFrame())).toMatchInlineSnapshot(`
    [
      " 深度思考… 12.34|",
    ]
  `)
})

test("without rows there is nothing", () => {
  const { lastFrame } = render(<SmallTable columns={columns(6)} rows={[]} />)
  expect(lastFrame()).toBe("")
})
