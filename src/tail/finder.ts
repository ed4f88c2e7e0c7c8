import { setImmediate } from "node:timers/promises"
import { locate, type Place } from "./match-search.ts"
import type { Matches } from "./matches.ts"
import type { OlderPages } from "./older-pages.ts"
import type { Found, LogTarget } from "./protocol.ts"
import { isEntry } from "./ring.ts"

/** Maximum number of steps of the stream read for one target: the first is short, each other a thousand entries. */
const STEPS = 21

/** Finder of targets among the matches: in those held, else in a bounded part of the stream before them. */
export class Finder {
  /** Number of targets for which the stream is being read. */
  private searches = 0
  private readonly matches: Matches
  private readonly older: OlderPages
  /** The place before which nothing was read yet, undefined before the first connection. */
  private readonly oldestKnown: () => Place | undefined

  constructor(matches: Matches, older: OlderPages, oldestKnown: () => Place | undefined) {
    this.matches = matches
    this.older = older
    this.oldestKnown = oldestKnown
  }

  /** Whether the stream is being read for a target: the pages read must be kept. */
  get isLooking(): boolean {
    return this.searches > 0
  }

  /** Finds `target`; not found as soon as `isWanted` returns false. */
  async find(target: LogTarget, isWanted: () => boolean): Promise<Found> {
    const { matches, older } = this
    while (matches.scanned < 1 && isWanted()) await setImmediate()
    const reach = () => older.reach ?? this.oldestKnown()
    const here = () => (isWanted() ? locate(matches, target, reach()) : undefined)
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
      reach: oldest?.at ?? null,
      older: older.state,
    }
  }

  /** Cancels all searches. */
  cancel(): void {
    if (this.isLooking) this.older.cancel()
  }
}
