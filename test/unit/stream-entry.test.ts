import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { orderOfIds } from "../../src/adapters/redis/stream-ids.ts"
import { parseStreamId, StreamEntry } from "../../src/domain/stream-entry.ts"

const field = fc.tuple(
  fc.string({ unit: "binary" }).map(text => text.toWellFormed()),
  fc.string({ unit: "grapheme" }),
)

test("what was put in comes out, in its order, duplicates included", () => {
  fc.assert(
    fc.property(fc.array(field), pairs => {
      expect(StreamEntry.from("5-1", pairs).pairs()).toEqual(pairs)
    }),
  )
})

test("of fields with one name the first counts", () => {
  const entry = StreamEntry.from("5-1", [
    ["status", "200"],
    ["status", "500"],
  ])
  expect(entry.get("status")).toBe("200")
  expect(entry.number("status")).toBe(200)
})

test("a name is found only whole", () => {
  const entry = StreamEntry.from("5-1", [
    ["user", "a"],
    ["user_id", "b"],
    ["", "c"],
  ])
  expect(entry.get("user_id")).toBe("b")
  expect(entry.get("user_i")).toBeUndefined()
  expect(entry.get("")).toBe("c")
})

test("bytes that are no UTF-8 become U+FFFD, and lengths count bytes", () => {
  const entry = StreamEntry.from("5-1", [
    ["path", Buffer.from([0x2f, 0xff, 0x0d, 0x0a])],
    ["city", "São Paulo"],
  ])
  expect(entry.get("path")).toBe("/\ufffd\r\n")
  expect(entry.get("city")).toBe("São Paulo")
})

test("a megabyte in one field hides no other", () => {
  const long = "x".repeat(1_000_000)
  const entry = StreamEntry.from("5-1", [
    ["user_agent", long],
    ["status", "404"],
  ])
  expect(entry.get("user_agent")).toBe(long)
  expect(entry.number("status")).toBe(404)
  expect(entry.number("user_agent")).toBeNull()
})

test.each([
  ["200", 200],
  ["0", 0],
  ["-3", -3],
  ["12.5", 12.5],
  ["1e3", 1000],
  ["", null],
  [" 7", null],
  ["0x10", null],
  ["NaN", null],
  ["Infinity", null],
  ["1e999", null],
  ["12ms", null],
  ["٣", null],
  ["9".repeat(30), null],
])("a field of %j is the number %j", (text, number) => {
  expect(StreamEntry.from("5-1", [["duration_ms", text]]).number("duration_ms")).toBe(number)
})

test("an entry without fields has none", () => {
  const entry = StreamEntry.from("5-1", [])
  expect(entry.pairs()).toEqual([])
  expect(entry.get("path")).toBeUndefined()
  expect(entry.number("status")).toBeNull()
})

test("a copy of the bytes is the same entry", () => {
  const entry = StreamEntry.from("1700000012345-7", [["path", "/v1"]])
  const kept = Buffer.alloc(entry.size + 3)
  expect(entry.copyTo(kept, 3)).toBe(entry.size)
  const again = new StreamEntry(entry.ms, entry.seq, kept, 3)
  expect(again.id).toBe("1700000012345-7")
  expect(again.pairs()).toEqual([["path", "/v1"]])
})

describe("stream ids", () => {
  test("are ordered as numbers, not as text", () => {
    expect(["10-0", "9-10", "9-9", "9"].sort(orderOfIds)).toEqual(["9", "9-9", "9-10", "10-0"])
  })

  test("have a second half of 0 where it is left out", () => {
    expect(parseStreamId("17")).toEqual([17, 0])
    expect(parseStreamId("17-3")).toEqual([17, 3])
  })
})
