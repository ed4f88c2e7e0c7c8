import { expect, test } from "vitest"
import { nextId, previousId } from "../../src/adapters/redis/stream-ids.ts"

const HIGHEST = "18446744073709551615"

test("the ids beside one are exact over all 128 bits", () => {
  expect(nextId("5-3")).toBe("5-4")
  expect(nextId("5")).toBe("5-1")
  expect(nextId(`5-${HIGHEST}`)).toBe("6-0")
  expect(nextId("5-18446744073709551613")).toBe("5-18446744073709551614")
  expect(nextId(`${HIGHEST}-${HIGHEST}`)).toBe(`${HIGHEST}-${HIGHEST}`)
  for (const id of ["5-3", `5-${HIGHEST}`, "0-0"]) expect(previousId(nextId(id))).toBe(id)
})
