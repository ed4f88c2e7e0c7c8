import fc from "fast-check"
import { expect, test } from "vitest"
import { ReplyError } from "../../src/adapters/redis/errors.ts"
import { RespReader } from "../../src/adapters/redis/resp.ts"

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const entry = (id: string, strings: readonly string[]) =>
  `*2\r\n${bulk(id)}*${strings.length}\r\n${strings.map(bulk).join("")}`

/** A reader of `bytes` that come in pieces of these sizes, over and over. */
function readerOf(bytes: Buffer, sizes: readonly number[]) {
  let at = 0
  let piece = 0
  return new RespReader(async () => {
    const size = sizes[piece++ % sizes.length] as number
    if (at >= bytes.length) throw new Error("there is no more")
    at += size
    return bytes.subarray(at - size, at)
  })
}

const strings = fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string()), { maxLength: 20 })
const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 })

test("entries are the same however the bytes are cut", async () => {
  const stream = fc.array(fc.tuple(fc.nat(), fc.nat(), strings), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(stream, pieces, async (sent, sizes) => {
      const text = sent.map(([ms, seq, pairs]) => entry(`${ms}-${seq}`, pairs.flat())).join("")
      const reader = readerOf(Buffer.from(`${text}:42\r\n`), sizes)
      const got: [string, [string, string][]][] = []
      while (got.length < sent.length) {
        const entries = await reader.entries(sent.length - got.length)
        expect(entries.length).toBeGreaterThan(0)
        for (const one of entries) got.push([one.id, one.pairs()])
      }
      expect(got).toEqual(sent.map(([ms, seq, pairs]) => [`${ms}-${seq}`, pairs]))
      expect(await reader.reply()).toBe(42)
    }),
    { numRuns: 200 },
  )
})

test("entries already handed out are not touched by what comes later", async () => {
  const sent = Array.from({ length: 3_000 }, (_, i) => entry(`${i}-0`, ["n", String(i), "fill", "x".repeat(i % 700)]))
  const reader = readerOf(Buffer.from(sent.join("")), [7, 64_000, 1, 300])
  const got = []
  while (got.length < sent.length) got.push(...(await reader.entries(sent.length - got.length)))
  expect(got.map(one => one.get("n"))).toEqual(sent.map((_, i) => String(i)))
})

test("small replies of every kind are read", async () => {
  const text = `+OK\r\n-WRONGTYPE no\r\n:-7\r\n$-1\r\n*-1\r\n*3\r\n${bulk("é\r\n")}*0\r\n$0\r\n\r\n*2\r\n-ERR no\r\n`
  const reader = readerOf(Buffer.from(text), [3])
  expect(await reader.reply()).toBe("OK")
  expect(await reader.reply()).toEqual(new ReplyError("WRONGTYPE no"))
  expect(await reader.reply()).toBe(-7)
  expect(await reader.reply()).toBeNull()
  expect(await reader.reply()).toBeNull()
  expect(await reader.reply()).toEqual(["é\r\n", [], ""])
  expect(await reader.arrayLength()).toBe(2)
  await expect(reader.arrayLength()).rejects.toThrow("ERR no")
})

test("a very large entry in small pieces is one entry", async () => {
  const fields = Array.from({ length: 200_000 }, (_, i) => `field ${i}`.padEnd(50, "."))
  const reader = readerOf(Buffer.from(entry("1-1", fields)), [4_096])
  const [one] = await reader.entries(1)
  expect(one?.pairs().flat()).toEqual(fields)
})
