import { type LedgerState, StreamLedger } from "../../src/adapters/redis/ledger.ts"
import type { Server } from "../../src/adapters/redis/session.ts"
import { orderOfIds } from "../../src/adapters/redis/stream-ids.ts"
import type { StreamInfo } from "../../src/adapters/redis/stream-info.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

type Row = readonly [id: string, text: string]

/** A server's stream: what was added to it, as far as it is not trimmed. */
export class Primary {
  readonly rows: Row[]
  readonly server: Server
  added: number
  /** Its clock. */
  now = 0

  constructor(rows: readonly Row[], server: Server, added = rows.length) {
    this.rows = [...rows]
    this.server = server
    this.added = added
  }

  /** Adds entries with one request each, the first of them at `ms`. */
  add(ms: number, texts: readonly string[]): this {
    for (const [i, text] of texts.entries()) this.rows.push([`${ms + i}-0`, text])
    this.added += texts.length
    return this
  }

  trim(keep: number): this {
    this.rows.splice(0, this.rows.length - keep)
    return this
  }

  /** The replica of it that has got `replicated` of its entries, once it was promoted. */
  promoted(replicated: number, name: string): Primary {
    const rows = this.rows.slice(0, this.rows.length - (this.added - replicated))
    return new Primary(rows, { runId: name, history: name, before: this.server.history }, replicated)
  }

  get info(): StreamInfo {
    const [first, last] = [this.rows[0]?.[0], this.rows.at(-1)?.[0] ?? "0-0"]
    const common = { exists: true, length: this.rows.length, maxDeletedId: "0-0" }
    return { ...common, firstId: first, lastId: last, added: this.added }
  }

  after(id: string, most: number): StreamEntry[] {
    return this.rows
      .filter(([one]) => orderOfIds(one, id) > 0)
      .slice(0, most)
      .map(([id, text]) => StreamEntry.from(id, [[Buffer.from("path"), Buffer.from(text)]]))
  }
}

/** A reader as `StreamFollower` is one, in batches of so many. */
export class Reader {
  /** What it told: the texts of entries, gaps and resets. */
  readonly told: unknown[] = []
  ledger: StreamLedger
  private primary: Primary
  private readonly batch: number

  constructor(primary: Primary, batch = 1_000, resume?: LedgerState) {
    this.batch = batch
    this.primary = primary
    this.ledger = new StreamLedger(resume ? { resume } : { from: "0-0" }, primary.info, primary.server)
    if (resume) this.compare()
  }

  /** Goes on with another server. */
  on(primary: Primary): this {
    this.primary = primary
    this.compare()
    return this
  }

  /** Looks `looks` times; so often that it has everything, unless told otherwise. */
  look(looks = 20): this {
    for (let n = 0; n < looks; n++) this.once()
    return this
  }

  private compare(): void {
    const { primary, ledger, batch } = this
    const comparison = ledger.compare(primary.server)
    while (comparison?.from !== undefined) {
      const entries = primary.after(comparison.from, batch)
      comparison.take(entries, entries.length < batch)
    }
    if (comparison) ledger.goOn(comparison, { server: primary.server, info: primary.info, now: primary.now })
  }

  private once(): void {
    const { primary, ledger, batch } = this
    const { cursor } = ledger
    const { info } = primary
    const entries = primary.after(cursor, batch)
    const complete = entries.length < batch
    const { reset, gap } = ledger.examine(info, entries.length, complete, primary.server)
    if (reset) this.told.push("reset")
    const current = ledger.cursor === cursor
    if (gap) {
      this.told.push(gap)
      ledger.writeOff(gap, info)
    }
    if (!current) return
    this.told.push(...entries.map(entry => entry.get("path")))
    ledger.deliver(entries)
    if (complete) ledger.settle(info)
  }
}

/** The texts of the entries `from` to `to`. */
export const texts = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `r${from + i}`)
/** A primary with so many entries. */
export const old = (count: number) => new Primary([], { runId: "old", history: "old" }).add(101, texts(1, count))
