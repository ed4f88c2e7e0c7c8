import { asDeckError } from "../domain/errors.ts"
import { stampBack } from "../domain/stream-clock.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"
import type { Place } from "./match-search.ts"
import type { Matches } from "./matches.ts"
import type { Older } from "./protocol.ts"

export interface OlderSource {
  /** Reads the stream back from `before` (exclusive), newest first, in bounded steps. */
  readBack(before: string, signal: AbortSignal): AsyncIterable<StreamEntry[]>
}

/** Whether to stop reading, after a number of matches and of steps of the stream. */
type IsEnough = (matches: number, steps: number) => boolean

/** Size of a page: a number of matches, or at most a number of steps. */
const isPage: IsEnough = (matches, steps) => matches >= 200 || steps >= 50

/** Reads what the stream holds from before the ring, a page of matches at a time, and puts it before the others. */
export class OlderPages {
  private readonly matches: Matches
  private readonly source: OlderSource
  private readonly changed: () => void
  private reading: AbortController | undefined
  private readingEnds: Promise<void> = Promise.resolve()
  /** The oldest entry looked at. */
  private cursor: Place | undefined
  private current: Older = { state: "more", lookedBackTo: null }

  constructor(matches: Matches, source: OlderSource, changed: () => void) {
    this.matches = matches
    this.source = source
    this.changed = changed
  }

  get state(): Older {
    return this.current
  }

  /** The oldest entry looked at; undefined before the first. */
  get reach(): Place | undefined {
    return this.cursor
  }

  /** Reads the next page; the first starts at `before`. Does nothing while a page is being read. */
  load(before: Place): void {
    if (!this.reading) this.read(before, isPage)
  }

  /** Reads on until `isEnough`, after the page being read; resolves at the end. */
  async search(before: Place, isEnough: IsEnough): Promise<void> {
    while (this.reading) await this.readingEnds
    this.read(before, isEnough)
    await this.readingEnds
  }

  /** Cancels reading; pages already read stay. */
  cancel(): void {
    if (!this.reading) return
    this.reading.abort()
    this.reading = undefined
    this.update(this.reached("more"))
  }

  /** Cancels reading and releases the pages. */
  forget(): void {
    this.reading?.abort()
    this.reading = undefined
    this.cursor = undefined
    this.matches.forgetOlder()
    this.current = this.reached("more")
  }

  private read(before: Place, isEnough: IsEnough): void {
    if (this.matches.scanned < 1 || this.current.state === "beginning") return
    const reading = new AbortController()
    this.reading = reading
    this.matches.keepDroppedMatches()
    this.update(this.reached("loading"))
    this.readingEnds = this.readPages(this.cursor ?? before, isEnough, reading)
  }

  private async readPages(before: Place, isEnough: IsEnough, reading: AbortController): Promise<void> {
    try {
      this.update(await this.readPage(before, isEnough, reading.signal))
    } catch (error) {
      if (!reading.signal.aborted) this.update({ state: "failed", reason: asDeckError(error).message })
    } finally {
      if (this.reading === reading) this.reading = undefined
    }
  }

  private async readPage(before: Place, isEnough: IsEnough, signal: AbortSignal): Promise<Older> {
    // Entries from before the stream was recreated are gone; reading back would return the new ones once more.
    if (this.matches.resets.length > 0) return { state: "beginning" }
    let found = 0
    let steps = 0
    let { at } = before
    for await (const page of this.source.readBack(before.id, signal)) {
      if (signal.aborted) return this.current
      at = stampBack(page, at)
      found += this.matches.prepend(page)
      const oldest = page.at(-1)
      if (oldest !== undefined) this.cursor = { id: oldest.id, at }
      if (this.matches.olderIsFull) return this.reached("full")
      if (isEnough(found, ++steps)) return this.reached("more")
      this.update(this.reached("loading"))
    }
    return signal.aborted ? this.current : { state: "beginning" }
  }

  private reached(state: "more" | "loading" | "full"): Older {
    return { state, lookedBackTo: this.cursor?.at ?? null }
  }

  private update(state: Older): void {
    this.current = state
    this.changed()
  }
}
