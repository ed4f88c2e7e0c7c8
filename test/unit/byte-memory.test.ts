import fc from "fast-check"
import { expect, test } from "vitest"
import { ByteMemory, hashOf } from "../../src/domain/byte-memory.ts"

/** Asks for a text in the middle of other bytes. */
function ask<Made>(memory: ByteMemory<Made>, text: string): Made {
  const bytes = Buffer.from(`<${text}>`)
  return memory.of(bytes, 1, bytes.length - 1)
}

test("what is made of a text is made once, and is of no other text", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 300 })), texts => {
      const memory = new ByteMemory(text => [text])
      for (const text of texts) expect(ask(memory, text)).toEqual([text])
      for (const text of texts) if (text.length < 60) expect(ask(memory, text)).toBe(ask(memory, text))
    }),
  )
})

test("more texts than are remembered are made again, and none is taken for another", () => {
  const memory = new ByteMemory(text => text)
  const texts = Array.from({ length: 20_000 }, (_, n) => `${n % 7 === 0 ? n % 70 : n} ${"x".repeat(n % 90)}`)
  expect([...texts, ...texts].filter(text => ask(memory, text) !== text)).toEqual([])
})

test("texts with one hash stay apart", () => {
  const [one, other] = collision()
  const memory = new ByteMemory(text => text)
  for (const text of [one, other, one, other]) expect(ask(memory, text)).toBe(text)
})

function collision(): [string, string] {
  const seen = new Map<number, string>()
  for (let n = 0; ; n++) {
    const text = String(n).padStart(8, "0")
    const hash = hashOf(Buffer.from(text), 0, text.length)
    const other = seen.get(hash)
    if (other !== undefined) return [other, text]
    seen.set(hash, text)
  }
}
