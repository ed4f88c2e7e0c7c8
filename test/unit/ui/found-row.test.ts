import { expect, test } from "vitest"
import { show, shown } from "../../../src/domain/safe-text.ts"
import { foundRow } from "../../../src/ui/screens/log/found.ts"
import { type Piece, piece } from "../../../src/ui/widgets/line.tsx"

const cells: readonly Piece[] = [" ", "10:00:00.100", " ", "GET", " ", "200", " ", "/get/10:00"].map(text =>
  piece(show(text)),
)
const row = (text: string, how: "plain" | "selected" | "left", marked = false) =>
  foundRow(cells, text, how, 33, marked)
    .map(([text, tone]) => (tone === "plain" ? text : `<${tone} ${text}>`))
    .join("")

test("the text is inverse in any case, and the row has a mark; not the time, which is not searched", () => {
  expect(row("Get", "plain")).toBe("<key »>10:00:00.100 <selected GET> 200 /<selected get>/10:00")
  expect(row("10:00", "plain")).toBe("<key »>10:00:00.100 GET 200 /get/<selected 10:00>")
  expect(row("(", "plain")).toBe("<key »>10:00:00.100 GET 200 /get/10:00")
})

test("in the selected row, which is inverse, the text is not; marks for the selection and the choice stay", () => {
  expect(row("get", "selected").replaceAll("<selected ", "<")).toBe(
    "<▌><10:00:00.100>< ><strong GET>< ><200>< ></><strong get></10:00>< >",
  )
  expect(row("get", "left")).toMatch(/^▌10/)
  expect(row("get", "plain", true)).toMatch(/^<key ●>10/)
  expect(shown`»`).toHaveLength(1)
})
