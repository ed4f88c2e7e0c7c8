import { HIGHEST_SEQ } from "../../domain/stream-entry.ts"

/** An id below that of every entry. */
export const LOWEST_ID = "0-0"

/** The id right below `id`, whose second half may be left out; the lowest is its own. Exact over all 128 bits. */
export function previousId(id: string): string {
  const [ms = "0", seq = "0"] = id.split("-")
  if (BigInt(seq) > 0n) return `${BigInt(ms)}-${BigInt(seq) - 1n}`
  return BigInt(ms) > 0n ? `${BigInt(ms) - 1n}-${HIGHEST_SEQ}` : LOWEST_ID
}

/** The id right above `id`; of the highest there is none, and it is its own. Exact over all 128 bits. */
export function nextId(id: string): string {
  const [ms = "0", seq = "0"] = id.split("-")
  if (BigInt(seq) < HIGHEST_SEQ) return `${BigInt(ms)}-${BigInt(seq) + 1n}`
  return BigInt(ms) < HIGHEST_SEQ ? `${BigInt(ms) + 1n}-0` : id
}

/** Compares two ids: negative when `a` is older. Exact over all 128 bits, unlike a comparison as numbers. */
export function orderOfIds(a: string, b: string): number {
  const [aMs = "0", aSeq = "0"] = a.split("-")
  const [bMs = "0", bSeq = "0"] = b.split("-")
  return order(aMs, bMs) || order(aSeq, bSeq)
}

/** Compares two whole numbers without leading zeros, as text. */
const order = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
