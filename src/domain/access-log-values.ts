import { hexRange, ipv4Number, isWithin, LONGEST_ADDRESS, parseAddress, parseBlock } from "./ip-block.ts"

// Meanings of the values of a filter's terms. Each function returns undefined for an invalid value.

export type TextTest = (held: string) => boolean

/** Range that a value of an ordered term means, both ends included. */
export type Range = readonly [low: number, high: number]

/** Tests for a whole text, in any case. */
export function exactly(value: string): TextTest {
  return anyCase(wholePattern(value))
}

/** Tests for a part of a text, in any case. */
export function containing(value: string): TextTest | undefined {
  return value === "" ? undefined : anyCase(partPattern(value))
}

/** Tests for the beginning of a text; case matters, since paths differ by it. */
export function startingWith(value: string): TextTest | undefined {
  return value === "" ? undefined : held => held.startsWith(value)
}

/** Patterns of JavaScript and of RE2 for a whole text, and for a part of one. */
export const partPattern = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
export const wholePattern = (value: string): string => `^${partPattern(value)}$`

/** Tests with a pattern, which ignores case without making a lower-case copy of each field. */
function anyCase(source: string): TextTest {
  const pattern = new RegExp(source, "iu")
  return held => pattern.test(held)
}

const REMEMBERED_ADDRESSES = 4096

/** Keeps the last answers but those of usual IPv4 addresses: others repeat, and parsing one costs a microsecond. */
export function withinBlock(value: string): TextTest | undefined {
  const block = parseBlock(value)
  if (block === undefined) return undefined
  const [first, last] = hexRange(block).map(digits => Number.parseInt(digits, 16)) as [number, number]
  const isIpv4 = block[0].kind() === "ipv4"
  const answers = new Map<string, boolean>()
  return held => {
    const number = ipv4Number(held)
    if (number !== undefined) return isIpv4 && number >= first && number <= last
    const known = answers.get(held)
    if (known !== undefined) return known
    if (held.length > LONGEST_ADDRESS) return false
    const address = parseAddress(held)
    const answer = address !== undefined && isWithin(address, block)
    if (answers.size === REMEMBERED_ADDRESSES) answers.clear()
    answers.set(held, answer)
    return answer
  }
}

/** Returns the range of a status, `503`, or of a class, `5xx`. */
export function statusRange(value: string): Range | undefined {
  if (/^[1-5]xx$/i.test(value)) return [Number(value[0]) * 100, Number(value[0]) * 100 + 99]
  return /^\d{3}$/.test(value) ? only(Number(value)) : undefined
}

/** Returns the range of a risk, 0 to 1. */
export function riskRange(value: string): Range | undefined {
  return DECIMAL.test(value) && Number(value) <= 1 ? only(Number(value)) : undefined
}

/** Returns the range of a duration in milliseconds: `500`, `500ms` or `1.2s`. */
export function durationRange(value: string): Range | undefined {
  const [, digits = "", unit = ""] = /^(.*?)(ms|s)?$/i.exec(value) ?? []
  if (!DECIMAL.test(digits)) return undefined
  // Rounded, since 1.001 s times 1000 is 1000.9999999999999.
  return only(unit.toLowerCase() === "s" ? Number((Number(digits) * 1000).toFixed(6)) : Number(digits))
}

/** Numbers as people write them, and as JavaScript prints them: 0.30000000000000004, 1e-7. */
const DECIMAL = /^\d{1,9}(\.\d+)?(e-?\d{1,2})?$/

const only = (number: number): Range => [number, number]
