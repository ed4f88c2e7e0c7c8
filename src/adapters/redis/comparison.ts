import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { Delivered, Known } from "./delivered.ts"
import { orderOfIds, previousId } from "./stream-ids.ts"

/**
 * What a server has of what was delivered from the one before it: all of it; the entries up to the id `upTo`, and behind it others;
 * entries among it that are not its own continuation, so it is another stream; or what the entries do not tell.
 */
export type Compared = "all" | { readonly upTo: string } | "another" | "unknown"

/**
 * The comparison of a server with what was delivered, when it takes the place of another one or has come back: its stream begins
 * as the other's does, lacks what was not replicated or not saved, and goes on with entries of its own, whose ids may lie below
 * those that were read, where clocks differ or both servers took entries for a while. So where they part is found by the
 * entries themselves: first by the one that was read last, then from the oldest one that is known.
 */
export class Comparison {
  /** The id to read on after; undefined once the result is there. */
  from: string | undefined
  result: Compared = "unknown"
  private readonly cursor: string
  private readonly delivered: Delivered
  private readonly known: ReadonlyMap<string, Known>
  private readonly newest: string
  private isFirst = true
  /** The last entry that both have. */
  private upTo: string | undefined
  private hasParted = false

  constructor(delivered: Delivered, cursor: string) {
    this.delivered = delivered
    this.cursor = cursor
    this.known = delivered.known()
    const ids = [...this.known.keys()].map(key => key.split(" ", 1)[0] as string)
    this.newest = ids.reduce((one, other) => (orderOfIds(one, other) < 0 ? other : one), cursor)
    this.from = previousId(cursor)
  }

  /** Takes what the server has behind `from`; `complete`: all of it. */
  take(entries: readonly StreamEntry[], complete: boolean): void {
    if (this.isFirst) {
      this.lookForLast(entries[0])
      return
    }
    const end = entries.findIndex(entry => orderOfIds(entry.id, this.newest) > 0)
    const compared = end < 0 ? entries : entries.slice(0, end)
    if (!compared.every(entry => this.isOfOneLine(entry))) this.end("another")
    else if (complete || end >= 0) this.end()
    else this.from = entries.at(-1)?.id
  }

  /** Whether an entry continues those before it: one that was delivered comes before all others, and was not lost since. */
  private isOfOneLine(entry: StreamEntry): boolean {
    const known = this.knownAs(entry)
    if (known === undefined) this.hasParted = true
    else if (known === "lost" || this.hasParted) return false
    else this.upTo = entry.id
    return true
  }

  private lookForLast(entry: StreamEntry | undefined): void {
    this.isFirst = false
    // Of a reader that went on in another process no entry is known, but where it ended.
    const isThere = entry?.id === this.cursor && (this.known.size === 0 || this.knownAs(entry) === "current")
    if (isThere) this.end("all")
    else this.from = this.delivered.beforeOldest
  }

  private knownAs({ id, size }: StreamEntry): Known | undefined {
    return this.known.get(`${id} ${size}`)
  }

  private end(result?: Compared): void {
    this.from = undefined
    const { upTo, hasParted } = this
    this.result = result ?? (upTo === undefined ? (hasParted ? "another" : "unknown") : { upTo })
  }
}
