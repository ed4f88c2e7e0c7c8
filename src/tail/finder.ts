import { setImmediate } from "node:timers/promises"
import { parseStreamId } from "../domain/stream-entry.ts"
import { locate } from "./match-search.ts"
import type { Matches } from "./matches.ts"
import type { OlderPages } from "./older-pages.ts"
import type { Found, LogTarget } from "./protocol.ts"
import { isEntry } from "./ring.ts"

/** So many steps of the stream are read for one place at the most: the first is short, each other a thousand entries. */
const STEPS = 21

/** Finds places among the matches: in what is held, else in as much of the stream before it as is read at a time. */
export class Finder {
  /** For so many places the stream is being read. */
  private searches = 0
  private readonly matches: Matches
  private readonly older: OlderPages
  /** The id before which nothing was read yet, undefined before the first connection. */
  private readonly oldestKnown: () => string | undefined

  constructor(matches: Matches, older: OlderPages, oldestKnown: () => string | undefined) {
    this.matches = matches
    this.older = older
    this.oldestKnown = oldestKnown
  }

  /** The stream is being read for a place: what comes is to stay. */
  get isLooking(): boolean {
    return this.searches > 0
  }

  /** Where `place` is; nowhere as soon as `isWanted` says no more. */
  async find(place: LogTarget, isWanted: () => boolean): Promise<Found> {
    const { matches, older } = this
    while (matches.scanned < 1 && isWanted()) await setImmediate()
    const reach = () => older.reach ?? this.oldestKnown()
    const here = () => (isWanted() ? locate(matches, place, reach()) : undefined)
    const before = this.oldestKnown()
    if (isWanted() && here() === undefined && before !== undefined) {
      this.searches++
      await older.search(before, (_, steps) => steps >= STEPS || !isWanted() || here() !== undefined)
      this.searches--
    }
    const ordinal = here() ?? null
    const held = ordinal === null ? undefined : matches.at(ordinal)
    const oldest = reach()
    return {
      ordinal,
      id: held && isEntry(held) ? held.id : null,
      reach: oldest === undefined ? null : parseStreamId(oldest)[0],
      older: older.state,
    }
  }

  /** What is being looked for is wanted no more. */
  callOff(): void {
    if (this.isLooking) this.older.callOff()
  }
}
