import { expect, test } from "vitest"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { ThresholdCount } from "../../src/domain/threshold-count.ts"
import { ladderAround, stepAt } from "../../src/domain/threshold-ladder.ts"
import { simulateDay } from "../../src/services/log-counts/threshold-day.ts"
import { Gateway, request } from "../support/access-log.ts"
import { clickHouseForTests, HISTORY_ENGINES } from "../support/clickhouse.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { recordedLog } from "../support/recorded-log.ts"

const database = freshDatabase()
const gateway = Gateway.forTests()
const clickhouse = clickHouseForTests()
const HOUR_MS = 3_600_000
const RISKS = ["0", "7", "29.9", "57", "58", "69.99", "70", "85", "100", "140", "-3", "high", ""]

test.each(HISTORY_ENGINES)("counts of the last day, across the seam, what a plain count finds (%s)", async engine => {
  const server = engine === "ClickHouse" ? await clickhouse.create() : undefined
  const { stream, deck, record } = recordedLog(gateway, database, server)
  const alice = await addPerson(database.postgres, { username: "alice" })
  const users = [alice.id, "", ...Array.from({ length: 24 }, (_, i) => `nobody-${i}`)]
  // One request each six minutes of thirty hours: the first six hours are not of the day.
  const beginMs = Date.now() - 30 * HOUR_MS
  const log = Array.from({ length: 300 }, (_, n) => ({
    id: `${beginMs + n * 360_000}-1`,
    fields: request({
      risk_score: RISKS[n % RISKS.length] as string,
      client_ip: n % 17 === 0 ? "" : `203.0.113.${n % 23}`,
      user_id: n % 3 === 0 ? alice.id : (users[n % users.length] as string),
    }),
  }))
  const add = async (from: number, to: number) => {
    for (const { id, fields } of log.slice(from, to))
      await gateway.writer.xadd(stream, id, ...Object.entries(fields).flat())
  }
  await add(0, 200)
  expect(await deck.run(simulateDay, { threshold: 0.5 })).toEqual({ day: null })
  await record(200)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 20)
  await add(200, 300)
  const entries = log.map(({ id, fields }) => StreamEntry.from(id, Object.entries(fields)))
  for (const threshold of [0, 0.07, 0.29, 0.57, 0.7, 1]) {
    const sinceMs = Date.now() - 24 * HOUR_MS
    const count = new ThresholdCount(threshold)
    for (const entry of entries.filter(({ ms }) => ms >= sinceMs).reverse()) count.add(entry)
    const { seen, addresses, ...byRisk } = count.tally
    const { rejected, signed_in } = stepAt(threshold, byRisk)
    const { day } = await deck.run(simulateDay, { threshold })
    expect(day, `${threshold}`).toEqual({
      requests: seen,
      seen,
      since: expect.stringMatching(/^\d{4}-/),
      held_s: 86_400,
      rejected,
      addresses: addresses.size,
      signed_in,
      users: count.mostHit(20).map(([id, requests]) => ({ id, username: id === alice.id ? "alice" : "", requests })),
      ladder: ladderAround(threshold, byRisk),
    })
  }
})

test("says how much of the day is held, and ends when nobody waits for it", async () => {
  const { stream, deck, record } = recordedLog(gateway, database)
  const fields = Object.entries(request({ risk_score: "90" })).flat()
  await gateway.writer.xadd(stream, `${Date.now() - 2 * HOUR_MS}-0`, ...fields)
  await record(1)
  const { day } = await deck.run(simulateDay, { threshold: 0.5 })
  expect(day).toMatchObject({ requests: 1, rejected: 1, addresses: 1, users: [] })
  expect(day?.held_s).toBeCloseTo(7200, -2)
  const asking = deck.run(simulateDay, { threshold: 0.5 }, { signal: AbortSignal.abort() })
  await expect(asking).rejects.toMatchObject({ code: "cancelled" })
})
