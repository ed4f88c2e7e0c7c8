import { randomBytes } from "node:crypto"
import { CODE_ALPHABET } from "../../domain/redemption-code.ts"

/** Returns that many random bytes. */
export type RandomSource = (bytes: number) => Uint8Array

const GROUPS = 4
const GROUP = 4
const LENGTH = GROUPS * GROUP

/** Generates codes (contract, section 6), perhaps some twice; 32 characters, so a byte gives each equally often. */
export function generateCodes(count: number, random: RandomSource = randomBytes): string[] {
  const bytes = random(count * LENGTH)
  return Array.from({ length: count }, (_, code) => {
    const groups = Array.from({ length: GROUPS }, (_, group) => {
      const from = code * LENGTH + group * GROUP
      return Array.from(bytes.subarray(from, from + GROUP), byte => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join("")
    })
    return groups.join("-")
  })
}
