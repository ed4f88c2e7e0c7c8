import { asDeckError } from "../../domain/errors.ts"
import { parseStreamId, type StreamEntry } from "../../domain/stream-entry.ts"
import type { Matches } from "./matches.ts"
import type { Older } from "./tail-protocol.ts"

export interface OlderSource {
  /** Reads the stream back from `before` (exclusive), newest first, in bounded steps. */
  readBack(before: string, signal: AbortSignal): AsyncIterable<StreamEntry[]>
}

/** Matches that make a page, and how many steps of the stream are read for one at the most. */
const PAGE = 200
const STEPS = 50

/** Reads what the stream holds from before the ring, a page of matches at a time, and puts it before the rest. */
export class OlderPages {
  private readonly matches: Matches
  private readonly source: OlderSource
  private readonly changed: () => void
  private reading: AbortController | undefined
  /** The oldest id that was looked at. */
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

  /** Reads the next page; `before` is where the first one starts. Does nothing while one is being read. */
  async load(before: string): Promise<void> {
    if (this.reading || this.matches.scanned < 1 || this.current.state === "beginning") return
    const reading = new AbortController()
    this.reading = reading
    this.matches.expectOlder()
    this.say(this.reached("loading"))
    try {
      this.say(await this.readPage(this.cursor ?? before, reading.signal))
    } catch (error) {
      if (!reading.signal.aborted) this.say({ state: "failed", reason: asDeckError(error).message })
    } finally {
      if (this.reading === reading) this.reading = undefined
    }
  }

  /** Calls reading off and lets go of the pages. */
  forget(): void {
    this.reading?.abort()
    this.reading = undefined
    this.cursor = undefined
    this.matches.forgetOlder()
    this.current = this.reached("more")
  }

  private async readPage(before: string, signal: AbortSignal): Promise<Older> {
    let found = 0
    let steps = 0
    for await (const page of this.source.readBack(before, signal)) {
      if (signal.aborted) return this.current
      found += this.matches.prepend(page)
      this.cursor = page.at(-1)?.id ?? this.cursor
      if (this.matches.olderIsFull) return this.reached("full")
      if (found >= PAGE || ++steps >= STEPS) return this.reached("more")
      this.say(this.reached("loading"))
    }
    return signal.aborted ? this.current : { state: "beginning" }
  }

  private reached(state: "more" | "loading" | "full"): Older {
    return { state, lookedBackTo: this.cursor === undefined ? null : parseStreamId(this.cursor)[0] }
  }

  private say(state: Older): void {
    this.current = state
    this.changed()
  }
}
