import { describe, expect, test } from "vitest"
import { old, Reader, texts } from "../support/fake-primary.ts"

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
