import { isWithin, LONGEST_ADDRESS, parseAddress, parseBlock } from "./ip-block.ts"

// What the values of a filter's terms mean. Each function answers undefined for a value that means nothing to it.

export type TextTest = (held: string) => boolean

/** What a value of an ordered term means: the lowest and the highest number, both included. */
export type Range = readonly [low: number, high: number]

/** In any case. */
export function exactly(value: string): TextTest {
  return anyCase(quoted => `^${quoted}$`, value)
}

/** In any case. */
export function containing(value: string): TextTest | undefined {
  return value === "" ? undefined : anyCase(quoted => quoted, value)
}

/** In the case it is written in: paths differ by it. */
export function startingWith(value: string): TextTest | undefined {
  return value === "" ? undefined : held => held.startsWith(value)
}

/** A pattern finds a text in any case without making a lower-case copy of each field. */
function anyCase(source: (quoted: string) => string, value: string): TextTest {
  const pattern = new RegExp(source(value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")), "iu")
  return held => pattern.test(held)
}

const REMEMBERED_ADDRESSES = 4096

/** Addresses repeat and parsing one costs a microsecond: the last answers are kept. */
export function withinBlock(value: string): TextTest | undefined {
  const block = parseBlock(value)
  if (block === undefined) return undefined
  const answers = new Map<string, boolean>()
  return held => {
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

/** `503`, or a class: `5xx`. */
export function statusRange(value: string): Range | undefined {
  if (/^[1-5]xx$/i.test(value)) return [Number(value[0]) * 100, Number(value[0]) * 100 + 99]
  return /^\d{3}$/.test(value) ? only(Number(value)) : undefined
}

/** 0 to 1. */
export function riskRange(value: string): Range | undefined {
  return DECIMAL.test(value) && Number(value) <= 1 ? only(Number(value)) : undefined
}

/** Milliseconds: `500`, `500ms` or `1.2s`. */
export function durationRange(value: string): Range | undefined {
  const [, digits = "", unit = ""] = /^(.*?)(ms|s)?$/i.exec(value) ?? []
  if (!DECIMAL.test(digits)) return undefined
  // Rounded, since 1.001 s times 1000 is 1000.9999999999999.
  return only(unit.toLowerCase() === "s" ? Number((Number(digits) * 1000).toFixed(6)) : Number(digits))
}

/** As people write them, and as JavaScript prints them: 0.30000000000000004, 1e-7. */
const DECIMAL = /^\d{1,9}(\.\d+)?(e-?\d{1,2})?$/

const only = (number: number): Range => [number, number]
