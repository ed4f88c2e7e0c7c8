import { expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { settle } from "../../src/services/change.ts"

test("whatever keeps a write from Redis is told as owed, for the change stands; the next is tried all the same", async () => {
  const fails = (error: Error) => () => Promise.reject(error)
  const due = [
    { what: "row" },
    { what: "outage", redis: fails(new DeckError("unavailable", "it is gone")) },
    { what: "fault", redis: fails(new TypeError("a bug")) },
    { what: "done", redis: async () => {} },
  ]
  expect(await settle(due, {} as never)).toEqual([
    { what: "row" },
    { what: "outage", owed: "it is gone" },
    { what: "fault", owed: "a bug" },
    { what: "done" },
  ])
})
