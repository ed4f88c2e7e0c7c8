import { passesOf } from "./log-filter.ts"
import type { Matches } from "./matches.ts"
import type { LogFilter } from "./protocol.ts"

const SLICE_MS = 8

/** Scan of the ring with the present filter, in slices, so that reading goes on meanwhile. */
export class RingScan {
  /** Rises with every filter. */
  generation = 0
  text = ""
  /** The id of the entry that the filter stays at; null for none. */
  stayAt: string | null = null
  private readonly matches: Matches
  private readonly progressed: (isDone: boolean) => void

  constructor(matches: Matches, progressed: (isDone: boolean) => void) {
    this.matches = matches
    this.progressed = progressed
  }

  /** Replaces the filter; returns whether all is scanned already. */
  begin(filter: LogFilter): boolean {
    this.text = filter.text
    this.stayAt = filter.stayAt
    const generation = ++this.generation
    this.matches.refill(passesOf(filter))
    const slice = () => {
      if (generation !== this.generation) return true
      const isDone = this.matches.scan(SLICE_MS)
      this.progressed(isDone)
      if (!isDone) setImmediate(slice)
      return isDone
    }
    return slice()
  }
}
