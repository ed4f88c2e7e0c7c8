import { asDeckError } from "../domain/errors.ts"
import { parseStreamId, type StreamEntry } from "../domain/stream-entry.ts"
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
  /** The oldest id looked at. */
  private cursor: string | undefined
  private current: Older = { state: "more", lookedBackTo: null }

  constructor(matches: Matches, source: OlderSource, changed: () => void) {
    this.matches = matches
    this.source = source
    this.changed = changed
  }

  get state(): Older {
    return this.current
  }

  /** The oldest id looked at; undefined before the first. */
  get reach(): string | undefined {
    return this.cursor
  }

  /** Reads the next page; the first starts at `before`. Does nothing while a page is being read. */
  load(before: string): void {
    if (!this.reading) this.read(before, isPage)
  }

  /** Reads on until `isEnough`, after the page being read; resolves at the end. */
  async search(before: string, isEnough: IsEnough): Promise<void> {
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

  private read(before: string, isEnough: IsEnough): void {
    if (this.matches.scanned < 1 || this.current.state === "beginning") return
    const reading = new AbortController()
    this.reading = reading
    this.matches.keepDroppedMatches()
    this.update(this.reached("loading"))
    this.readingEnds = this.readPages(this.cursor ?? before, isEnough, reading)
  }

  private async readPages(before: string, isEnough: IsEnough, reading: AbortController): Promise<void> {
    try {
      this.update(await this.readPage(before, isEnough, reading.signal))
    } catch (error) {
      if (!reading.signal.aborted) this.update({ state: "failed", reason: asDeckError(error).message })
    } finally {
      if (this.reading === reading) this.reading = undefined
    }
  }

  private async readPage(before: string, isEnough: IsEnough, signal: AbortSignal): Promise<Older> {
    // Entries from before the stream was recreated are gone; reading back would return the new ones once more.
    if (this.matches.resets.length > 0) return { state: "beginning" }
    let found = 0
    let steps = 0
    for await (const page of this.source.readBack(before, signal)) {
      if (signal.aborted) return this.current
      found += this.matches.prepend(page)
      this.cursor = page.at(-1)?.id ?? this.cursor
      if (this.matches.olderIsFull) return this.reached("full")
      if (isEnough(found, ++steps)) return this.reached("more")
      this.update(this.reached("loading"))
    }
    return signal.aborted ? this.current : { state: "beginning" }
  }

  private reached(state: "more" | "loading" | "full"): Older {
    return { state, lookedBackTo: this.cursor === undefined ? null : parseStreamId(this.cursor)[0] }
  }

  private update(state: Older): void {
    this.current = state
    this.changed()
  }
}
