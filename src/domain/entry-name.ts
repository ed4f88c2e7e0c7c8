import { parseStreamId } from "./stream-entry.ts"

// Ids are given by each stream for itself: of several gateways, two entries may have the same.

/** What tells an entry from all others of its epoch: its id, or with several gateways `GATEWAY/ID`. */
export const entryName = ({
  gateway = "",
  id,
}: {
  readonly gateway?: string | undefined
  readonly id: string
}): string => (gateway === "" ? id : `${gateway}/${id}`)

/** Reads what `entryName` wrote. */
export function readEntryName(name: string): { readonly gateway: string; readonly id: string } {
  const at = name.lastIndexOf("/")
  return { gateway: name.slice(0, Math.max(0, at)), id: name.slice(at + 1) }
}

/** Where an entry stands among those of all gateways: milliseconds, gateway, number within the millisecond (contract, section 10). */
export type EntryOrder = readonly [ms: number, gateway: string, seq: number]

/**
 * Whether an entry comes before one of another gateway. Those of one gateway follow one another as their log has them, in which ids may
 * go back.
 */
export const comesBeforeOther = (one: Dated, other: Dated): boolean =>
  one.ms < other.ms || (one.ms === other.ms && one.gateway < other.gateway)

/** What is of a gateway and a moment. */
export interface Dated {
  readonly ms: number
  readonly gateway: string
}

/** Returns the order of an entry by its name. */
export function orderOfName(name: string): EntryOrder {
  const { gateway, id } = readEntryName(name)
  const [ms, seq] = parseStreamId(id)
  return [ms, gateway, seq]
}

/** Whether an entry comes before another one. */
export function comesBefore([ms, gateway, seq]: EntryOrder, other: EntryOrder): boolean {
  if (ms !== other[0]) return ms < other[0]
  if (gateway !== other[1]) return gateway < other[1]
  return seq < other[2]
}
