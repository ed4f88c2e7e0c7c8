import { z } from "zod"
import { comesBeforeOther, type Dated } from "./entry-name.ts"
import { isStreamId, parseStreamId } from "./stream-entry.ts"

// Where a page of the log ended (contract, section 10): of one gateway the id of its last entry, or `EPOCH@ID` in an earlier epoch; of
// several all of these, in a text that says nothing to people.

/** Whether a text is a place in the log of one gateway. */
const isPlace = (text: string): boolean => isStreamId(placeId(text))

const placeId = (text: string): string => text.replace(/^\d{1,9}@/, "")

/** Places in the logs of several gateways, by their names. */
export type Places = ReadonlyMap<string, string>

export const writePlaces = (places: Places): string => Buffer.from(JSON.stringify([...places])).toString("base64url")

/** Where the page of these places ended: the oldest of them, which is that of its last entry. */
export function endOf(places: Places): Dated | undefined {
  const ends = [...places].map(([gateway, place]): Dated => ({ gateway, ms: parseStreamId(placeId(place))[0] }))
  return ends.reduce<Dated | undefined>((end, one) => (end && comesBeforeOther(end, one) ? end : one), undefined)
}

/** Reads what `writePlaces` wrote; undefined for anything else. */
function readPlaces(text: string): Places | undefined {
  try {
    const pairs: unknown = JSON.parse(Buffer.from(text, "base64url").toString())
    const places = z.array(z.tuple([z.string(), z.string().refine(isPlace)])).parse(pairs)
    return new Map(places)
  } catch {
    return undefined
  }
}

/** Reads a cursor: of one gateway, or of several; undefined for any other text. */
export const readCursor = (text: string): string | Places | undefined => (isPlace(text) ? text : readPlaces(text))
