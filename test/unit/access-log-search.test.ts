import { expect, test } from "vitest"
import { searchTest } from "../../src/domain/access-log-search.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { idOf, request } from "../support/access-log.ts"

const ALICE = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"
const THREAD = "6fc01111-2222-4333-8444-555555555503"
const entry = StreamEntry.from(
  idOf(1),
  Object.entries(
    request({ method: "PATCH", path: `/v1/threads/${THREAD}`, status: "409", user_id: ALICE, user_agent: "curl/8.5" }),
  ),
)
const finds = (text: string, users: readonly string[] = []) => searchTest({ text, users })(entry)

test("a text is found in what a row shows of a request, in any case, and in its user agent", () => {
  for (const text of ["patch", "409", "203.0.113", "de", "Human", "CURL/", "/V1/threads", "6fc0"]) {
    expect(finds(text), text).toBe(true)
  }
  for (const text of ["", "410", "503", "1d3e", "nowhere", ".*"]) expect(finds(text), text).toBe(false)
})

test("an id is found by eight characters of it or more, and a user by who is meant by the text", () => {
  expect(finds(THREAD.slice(-8))).toBe(true)
  expect(finds(ALICE.toUpperCase())).toBe(true)
  expect(finds("4f3a0000")).toBe(true)
  expect(finds("liddell")).toBe(false)
  expect(finds("liddell", [ALICE])).toBe(true)
})
