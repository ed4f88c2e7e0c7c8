import { setImmediate } from "node:timers/promises"
import { entryName } from "../domain/entry-name.ts"
import { isEntry } from "./held.ts"
import { locate } from "./match-search.ts"
import type { Matches, Predicate } from "./matches.ts"
import type { Begin, OlderPages } from "./older-pages.ts"
import type { Found, LogTarget } from "./protocol.ts"
import { isFailed, RowWalk } from "./row-walk.ts"

/** Maximum number of steps of the stream read for one target: the first is short, each other a thousand entries. */
const STEPS = 21
/** Duration of one slice of a walk through the rows, so that reading goes on. */
const SLICE_MS = 8

/** Finder of targets among the matches: in those held, else in a bounded part of the stream before them. */
export class Finder {
  /** Number of targets for which the stream is being read. */
  private searches = 0
  private readonly matches: Matches
  private readonly older: OlderPages
  /** Where what was read so far begins; undefined before the first connection. */
  private readonly oldestKnown: () => Begin | undefined

  constructor(matches: Matches, older: OlderPages, oldestKnown: () => Begin | undefined) {
    this.matches = matches
    this.older = older
    this.oldestKnown = oldestKnown
  }

  /** Whether the stream is being read for a target: the pages read must be kept. */
  get isLooking(): boolean {
    return this.searches > 0
  }

  /** Finds `target`; not found as soon as `isWanted` returns false. `isFound` tests for the text that is searched for. */
  async find(target: LogTarget, isWanted: () => boolean, isFound: Predicate = () => false): Promise<Found> {
    const { matches, older } = this
    while (matches.scanned < 1 && isWanted()) await setImmediate()
    const reach = () => older.reach ?? this.oldestKnown()?.place
    const walk =
      "row" in target ? new RowWalk(matches, target.row === "failed" ? isFailed : isFound, target) : undefined
    const look = () => ("row" in target ? walk?.go() : locate(matches, target, reach()))
    const here = () => (isWanted() ? look() : undefined)
    while (walk && !walk.isThrough && isWanted()) {
      walk.go(SLICE_MS)
      await setImmediate()
    }
    const mayBeOlder = walk === undefined || walk.by < 0
    const before = this.oldestKnown()
    if (mayBeOlder && isWanted() && here() === undefined && before !== undefined) {
      this.searches++
      await older.search(before, (_, steps) => steps >= STEPS || !isWanted() || here() !== undefined)
      this.searches--
    }
    const ordinal = here() ?? null
    const held = ordinal === null ? undefined : matches.at(ordinal)
    const isBeyond = ordinal === null && walk === undefined && isWanted() && older.state.state !== "failed"
    return {
      ordinal,
      id: held && isEntry(held) ? entryName(held) : null,
      oldest: isBeyond && matches.start < matches.end ? matches.start : null,
      reach: reach()?.at ?? null,
      older: older.state,
      rows: matches.length,
    }
  }

  /** Cancels all searches. */
  cancel(): void {
    if (this.isLooking) this.older.cancel()
  }
}
