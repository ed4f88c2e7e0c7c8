import { entryName } from "../domain/entry-name.ts"
import { asDeckError } from "../domain/errors.ts"
import { isEntry } from "./held.ts"
import type { Place } from "./match-search.ts"
import type { Matches } from "./matches.ts"
import { type End, type From, type LogReading, type Passing, someOf } from "./past/reading.ts"
import type { Older } from "./protocol.ts"

/** Where the first page begins: the oldest place that is known, and how it is read on from, behind so many resets of the stream. */
export interface Begin {
  readonly place: Place
  from(resets: number): From
}

/** Whether to stop reading, after a number of matches and of steps of the stream. */
type IsEnough = (matches: number, steps: number) => boolean

/** Size of a page: a number of matches, or at most a number of steps. */
const isPage: IsEnough = (matches, steps) => matches >= 200 || steps >= 50

/** Reads what stream and history hold from before the ring, a page of matches at a time, and puts it before the others. */
export class OlderPages {
  private readonly matches: Matches
  private readonly reader: LogReading
  private readonly passing: () => Passing
  private readonly changed: () => void
  private reading: AbortController | undefined
  private isStreamRead = false
  /** What is being read goes on into the history. */
  private isFar = false
  private readingEnds: Promise<void> = Promise.resolve()
  /** The oldest entry looked at, and where to read on. */
  private cursor: { readonly place: Place; readonly next: From } | undefined
  private current: Older = { state: "more", lookedBackTo: null }

  constructor(matches: Matches, reader: LogReading, passing: () => Passing, changed: () => void) {
    this.matches = matches
    this.reader = reader
    this.passing = passing
    this.changed = changed
  }

  get state(): Older {
    return this.current
  }

  /** The oldest entry looked at; undefined before the first. */
  get reach(): Place | undefined {
    return this.cursor?.place
  }

  /** Where to read on; undefined before the first page. */
  get next(): From | undefined {
    return this.cursor?.next
  }

  /** Whether all of the stream was read, and what is older is in the history. */
  get isAtHistory(): boolean {
    return this.isStreamRead || (this.cursor !== undefined && isInHistory(this.cursor.next))
  }

  /**
   * Reads the next page, of the history too where `isFar`; the first starts at `before`. Does nothing while a page is being
   * read.
   */
  load(before: Begin, isFar: boolean): void {
    if (isFar && this.reading && !this.isFar) {
      this.isFar = true
      void this.readingEnds.then(() => this.load(before, true))
    } else if (!this.reading && (isFar || !this.isAtHistory)) this.read(before, isPage, isFar)
  }

  /** Reads on in the stream until `isEnough`, after the page being read; resolves at the end. */
  async search(before: Begin, isEnough: IsEnough): Promise<void> {
    while (this.reading) await this.readingEnds
    if (!this.isAtHistory) this.read(before, isEnough, false)
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
    this.isStreamRead = false
    this.matches.forgetOlder()
    this.current = this.reached("more")
  }

  private read(before: Begin, isEnough: IsEnough, isFar: boolean): void {
    if (this.matches.scanned < 1 || this.current.state === "beginning") return
    const reading = new AbortController()
    this.reading = reading
    this.isFar = isFar
    this.matches.keepDroppedMatches()
    this.update(this.reached("loading"))
    this.readingEnds = this.readPages(before, isEnough, isFar, reading)
  }

  private async readPages(before: Begin, isEnough: IsEnough, isFar: boolean, reading: AbortController): Promise<void> {
    try {
      this.update(await this.readPage(before, isEnough, isFar, reading.signal))
    } catch (error) {
      if (!reading.signal.aborted) this.update({ state: "failed", reason: asDeckError(error).message })
    } finally {
      if (this.reading === reading) this.reading = undefined
    }
  }

  /** `isFar`: into the history, too. */
  private async readPage(before: Begin, isEnough: IsEnough, isFar: boolean, signal: AbortSignal): Promise<Older> {
    const resets = this.cursor === undefined ? this.matches.resets.length : 0
    // Entries from before the stream was recreated are in the history alone; reading back would return the new ones once more.
    if (resets > 0 && !this.reader.hasPast) return { state: "beginning" }
    const from = this.cursor?.next ?? before.from(resets)
    let found = 0
    let steps = 0
    for await (const step of this.reader.back(from, this.passing(), signal, isFar)) {
      if (signal.aborted) return this.current
      if (step.isStreamRead) {
        this.isStreamRead = true
        this.cursor ??= { place: before.place, next: from }
        return this.reached("more")
      }
      if (step.end) return beginningOf(step.end)
      const page = step.rows.map(({ held }) => held)
      found += this.matches.prepend(page)
      const oldest = page.findLast(isEntry)
      const place = this.cursor?.place ?? before.place
      const at = step.reached ?? oldest?.at ?? place.at
      const name = oldest ? entryName(oldest) : place.name
      if (step.next) this.cursor = { place: { name, at }, next: step.next }
      if (this.matches.olderIsFull) return this.reached("full")
      if (isEnough(found, ++steps)) return this.reached("more")
      this.update(this.reached("loading"))
    }
    return signal.aborted ? this.current : { state: "beginning" }
  }

  private reached(state: "more" | "loading" | "full"): Older {
    const lookedBackTo = this.cursor?.place.at ?? null
    return { state, lookedBackTo, ...(state === "more" && this.isAtHistory && { isAtHistory: true }) }
  }

  private update(state: Older): void {
    this.current = state
    this.changed()
  }
}

const isInHistory = (from: From) =>
  someOf(from, one => "beforeMs" in one || ("before" in one && one.before.epoch !== undefined))

/** What is said where there is nothing older. */
export const beginningOf = ({ of, why }: End): Older => ({
  state: "beginning",
  ...(of === "history" && { isOfHistory: true }),
  ...(why !== undefined && { why }),
})
