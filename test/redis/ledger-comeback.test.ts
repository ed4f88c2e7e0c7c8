import { describe, expect, test } from "vitest"
import { old, Primary, Reader, texts } from "../support/fake-primary.ts"

describe("a former primary that comes back", () => {
  test("with entries that were read from it, and lost since, and none of those that came after: it is a reset", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    reader.on(first.promoted(7, "new").add(900, ["n1", "n2"])).look()
    reader.told.length = 0
    const back = new Primary(first.rows, { runId: "again", history: "old" })
    reader.on(back).look()
    expect(reader.told).toEqual(["reset", ...texts(1, 10)])
  })

  test("with nothing that is not in the others: it is read on", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    const back = new Primary(first.rows, { runId: "again", history: "old" }).add(900, ["n1"])
    reader.on(back).look()
    expect(reader.told).toEqual([...texts(1, 10), "n1"])
  })
})

test("a server that is restarted without its last entries tells nothing, since it lost none that were not read", () => {
  const first = old(10)
  const reader = new Reader(first).look()
  const again = new Primary(first.rows.slice(0, 6), { runId: "again", history: "other" }).add(900, ["n1"])
  reader.on(again).look()
  expect(reader.told).toEqual([...texts(1, 10), "n1"])
})
