import { describe, expect, test } from "vitest"
import { type LedgerState, StreamLedger } from "../../src/adapters/redis/ledger.ts"
import type { Server } from "../../src/adapters/redis/session.ts"
import { orderOfIds } from "../../src/adapters/redis/stream-ids.ts"
import type { StreamInfo } from "../../src/adapters/redis/stream-info.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

type Row = readonly [id: string, text: string]

/** A server's stream: what was added to it, as far as it is not trimmed. */
class Primary {
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
class Reader {
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

const texts = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `r${from + i}`)
const old = (count: number) => new Primary([], { runId: "old", history: "old" }).add(101, texts(1, count))
const unknown = (from: string, to: string, lost = 0) => ({ lost, from, to, exact: false, failover: true })

describe("a replica that was promoted in the place of the primary", () => {
  test("with all that was read: what it may lack is told once, of unknown number, and nothing comes twice", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    const next = first.promoted(10, "new").add(900, ["n1", "n2"])
    reader.on(next).look()
    next.add(950, ["n3"])
    reader.look()
    expect(reader.told).toEqual([...texts(1, 10), unknown("110-0", "901-0"), "n1", "n2", "n3"])
  })

  test("without entries that were read, before it took others: they are not repeated, and those that come are read", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    const next = first.promoted(7, "new")
    next.now = 850
    reader.on(next).look()
    next.add(900, ["n1"])
    reader.look()
    expect(reader.told).toEqual([...texts(1, 10), unknown("107-0", "850-0"), "n1"])
  })

  test("without entries that were read, with others behind them by now", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    reader.on(first.promoted(7, "new").add(900, texts(20, 29))).look()
    expect(reader.told).toEqual([...texts(1, 10), unknown("107-0", "909-0"), ...texts(20, 29)])
  })

  test("with entries that were never read: they are read from it", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    first.add(200, ["unread", "unreplicated"])
    reader.on(first.promoted(11, "new").add(900, ["n1"])).look()
    expect(reader.told).toEqual([...texts(1, 10), unknown("110-0", "900-0"), "unread", "n1"])
  })

  test("of which more was known to be there than it counts: at least the difference is lost", () => {
    const first = old(10)
    const reader = new Reader(first, 4).look(1)
    reader.on(first.promoted(6, "new").add(900, ["n1"])).look()
    expect(reader.told).toEqual([...texts(1, 4), unknown("104-0", "900-0", 3), "r5", "r6", "n1"])
  })

  test("in batches that are not complete", () => {
    const first = old(10)
    const reader = new Reader(first, 3).look()
    reader.on(first.promoted(7, "new").add(900, texts(20, 29))).look()
    expect(reader.told).toEqual([...texts(1, 10), unknown("107-0", "909-0"), ...texts(20, 29)])
  })

  test("by a clock that is behind: its ids below the last one that was read are read all the same", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    const next = first.promoted(7, "new").add(108, ["other1", "other2"])
    reader.on(next).look()
    next.add(110, ["other3"]).add(300, ["other4"])
    reader.look()
    const others = ["other1", "other2", "other3", "other4"]
    expect(reader.told).toEqual([...texts(1, 10), unknown("107-0", "109-0"), ...others])
  })

  test("while the old one, cut off with its readers, took entries for as long", () => {
    const first = old(10)
    const next = first.promoted(10, "new")
    const reader = new Reader(first).look()
    first.add(200, ["lost1", "lost2", "lost3"])
    reader.look()
    next.add(199, ["n1", "n2", "n3", "n4", "n5"])
    reader.on(next).look()
    const lost = ["lost1", "lost2", "lost3"]
    expect(reader.told).toEqual([
      ...texts(1, 10),
      ...lost,
      unknown("110-0", "203-0"),
      ...["n1", "n2", "n3", "n4", "n5"],
    ])
  })

  test("and trimmed meanwhile: what is gone is told with the rest, as unknown", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    const next = first.promoted(10, "new").add(900, texts(20, 29)).trim(4)
    reader.on(next).look()
    expect(reader.told).toEqual([...texts(1, 10), unknown("110-0", "909-0", 6), ...texts(26, 29)])
  })

  test("again and again: each time is told once", () => {
    let primary = old(10)
    const reader = new Reader(primary).look()
    for (const n of [1, 2, 3]) {
      primary.add(n * 1_000, [`lost${n}`])
      reader.look()
      primary = primary.promoted(primary.added - 1, `new${n}`).add(n * 1_000 + 500, [`n${n}`])
      reader.on(primary).look()
    }
    const told = [
      ...["lost1", unknown("110-0", "1500-0"), "n1", "lost2", unknown("1500-0", "2500-0"), "n2"],
      ...["lost3", unknown("2500-0", "3500-0"), "n3"],
    ]
    expect(reader.told).toEqual([...texts(1, 10), ...told])
  })

  test("while nobody read: a reader that goes on later tells it as well", () => {
    const first = old(10)
    const { state } = new Reader(first).look().ledger
    const next = first.promoted(10, "new").add(900, ["n1"])
    const later = new Reader(next, 1_000, JSON.parse(JSON.stringify(state))).look()
    expect(later.told).toEqual([unknown("110-0", "900-0"), "n1"])
  })
})

describe("a former primary that comes back", () => {
  test("with entries that were read from it, and lost since, and none of those that came after: it is a reset", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    reader.on(first.promoted(7, "new").add(900, ["n1", "n2"])).look()
    reader.told.length = 0
    const back = new Primary(first.rows, { runId: "again", history: "old" })
    reader.on(back).look()
    expect(reader.told).toEqual(["reset", ...texts(1, 10)])
  })

  test("with nothing that is not in the others: it is read on", () => {
    const first = old(10)
    const reader = new Reader(first).look()
    const back = new Primary(first.rows, { runId: "again", history: "old" }).add(900, ["n1"])
    reader.on(back).look()
    expect(reader.told).toEqual([...texts(1, 10), "n1"])
  })
})

test("a server that is restarted without its last entries tells nothing, since it lost none that were not read", () => {
  const first = old(10)
  const reader = new Reader(first).look()
  const again = new Primary(first.rows.slice(0, 6), { runId: "again", history: "other" }).add(900, ["n1"])
  reader.on(again).look()
  expect(reader.told).toEqual([...texts(1, 10), "n1"])
})
