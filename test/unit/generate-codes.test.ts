import { expect, test } from "vitest"
import { CODE_ALPHABET, CODE_PATTERN } from "../../src/domain/redemption-code.ts"
import { generateCodes } from "../../src/services/redemption/generate-codes.ts"

test("codes have the form of the contract, and are as many as wanted", () => {
  const codes = generateCodes(1000)
  expect(new Set(codes).size).toBe(1000)
  for (const code of codes) expect(code).toMatch(new RegExp(CODE_PATTERN))
})

test("every byte there is leads to a character, and each character has as many bytes", () => {
  const characters = generateCodes(16, bytes => Uint8Array.from({ length: bytes }, (_, byte) => byte))
    .join("")
    .replaceAll("-", "")
  expect(characters).toHaveLength(256)
  for (const character of CODE_ALPHABET) expect(characters.split(character)).toHaveLength(256 / 32 + 1)
})

test("in half a million characters none comes more often than chance allows, at any place", () => {
  const codes = generateCodes(32_000).map(code => code.replaceAll("-", ""))
  for (let place = 0; place < 16; place++) {
    const counts = new Map<string, number>()
    for (const code of codes) counts.set(code[place] as string, (counts.get(code[place] as string) ?? 0) + 1)
    const expected = codes.length / CODE_ALPHABET.length
    const chiSquare = [...CODE_ALPHABET].reduce(
      (sum, character) => sum + ((counts.get(character) ?? 0) - expected) ** 2 / expected,
      0,
    )
    // With 31 degrees of freedom this is exceeded once in 10^11 times.
    expect(chiSquare).toBeLessThan(120)
  }
})
