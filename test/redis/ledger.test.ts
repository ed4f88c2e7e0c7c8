import { describe, expect, test } from "vitest"
import { StreamLedger, type StreamStart } from "../../src/adapters/redis/ledger.ts"
import type { StreamInfo } from "../../src/adapters/redis/stream-info.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

/** A stream with the entries `first`-0 to `last`-0, as a server before Redis 7 tells of it. */
const older = (first: number, last: number): StreamInfo => ({
  exists: true,
  length: last - first + 1,
  firstId: `${first}-0`,
  lastId: `${last}-0`,
  added: undefined,
  maxDeletedId: "0-0",
})

/** One look at the stream and all that it gives, as the tail does it; what was told. */
function look(ledger: StreamLedger, info: StreamInfo) {
  const read = Array.from({ length: info.length }, (_, i) => Number.parseInt(info.firstId as string, 10) + i)
    .filter(ms => ms > Number.parseInt(ledger.cursor, 10))
    .map(ms => StreamEntry.from(`${ms}-0`, []))
  const { reset, gap } = ledger.examine(info, read.length, true, undefined)
  if (gap) ledger.writeOff(gap, info)
  ledger.deliver(read)
  ledger.settle(info)
  return { reset, gap, read: read.length }
}

const begin = (start: StreamStart, info: StreamInfo) => new StreamLedger(start, info, undefined)

describe("the books of a stream whose server does not count what was added (before Redis 7)", () => {
  test("say nothing while the entry read last, or a newer one read, is still there", () => {
    const ledger = begin("end", older(1, 100))
    expect(look(ledger, older(1, 100))).toEqual({ reset: false, gap: undefined, read: 0 })
    expect(look(ledger, older(50, 150))).toEqual({ reset: false, gap: undefined, read: 50 })
    expect(look(ledger, older(150, 250))).toEqual({ reset: false, gap: undefined, read: 100 })
  })

  test("say that a loss is possible when everything there is newer, once", () => {
    const ledger = begin("end", older(1, 100))
    const gap = { lost: 0, from: "100-0", to: "300-0", exact: false }
    expect(look(ledger, older(300, 350))).toEqual({ reset: false, gap, read: 51 })
    expect(look(ledger, older(300, 350))).toEqual({ reset: false, gap: undefined, read: 0 })
    const emptied = { ...older(351, 350), firstId: undefined }
    expect(look(ledger, emptied)).toEqual({ reset: false, gap: undefined, read: 0 })
  })

  test("see a new stream by its lower ids", () => {
    const ledger = begin("end", older(1, 100))
    expect(ledger.examine(older(1, 5), 0, true, undefined)).toEqual({ reset: true, gap: undefined })
    expect(ledger.cursor).toBe("0-0")
    expect(look(ledger, older(1, 5))).toEqual({ reset: false, gap: undefined, read: 5 })
  })

  test("ask nothing about the time before a start in the past", () => {
    const ledger = begin({ from: "10-0" }, older(40, 50))
    expect(look(ledger, older(40, 50))).toEqual({ reset: false, gap: undefined, read: 11 })
  })
})

describe("a start so far back", () => {
  const cursorOf = (start: StreamStart, info: StreamInfo) => begin(start, info).cursor

  test("is so many milliseconds before the newest entry", () => {
    expect(cursorOf({ backMs: 300, most: 1_000 }, older(1, 1_000))).toBe("700-0")
    expect(cursorOf({ backMs: 300, most: 1_000 }, older(900, 1_000))).toBe("700-0")
    expect(cursorOf({ backMs: 3_000, most: 1_000 }, older(1, 1_000))).toBe("0-0")
  })

  test("is no further back than about so many entries", () => {
    expect(cursorOf({ backMs: 300, most: 100 }, older(1, 1_000))).toBe("900-0")
    expect(cursorOf({ backMs: 50, most: 100 }, older(1, 1_000))).toBe("950-0")
  })
})
