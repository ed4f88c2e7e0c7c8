import { afterEach, describe, expect, test } from "vitest"
import type { Recent } from "../../src/domain/recent.ts"
import { RecentReader } from "../../src/services/dashboard/recent-reader.ts"
import { Deck } from "../../src/services/deck.ts"
import type { Operation } from "../../src/services/operation.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration, type TestDatabase } from "../support/postgres.ts"
import { addRun, ago, DAY_S } from "../support/runs.ts"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** A reader at a clock of its own, to whom a reading seems to take `tookMs`; what was asked since when. */
function readerOf({ postgres }: TestDatabase) {
  const deck = new Deck({ postgres, redis: null as never }, null as never)
  const state = { now: Date.now(), tookMs: 0, asked: [] as (string | undefined)[] }
  const run: Deck["run"] = (operation, input, options) => {
    state.asked.push((input as { after?: string }).after)
    state.now += state.tookMs
    return deck.run(operation as Operation<never>, input, options) as never
  }
  const reader = new RecentReader({ run }, () => state.now)
  const read = async (of: Recent) =>
    Object.fromEntries((await reader.refresh(of, new AbortController().signal))?.counts ?? [])
  return { state, read, recount: () => reader.recount() }
}

eachGeneration(database => {
  afterEach(() => asSuperuser("truncate users, runs, run_events", database.url))

  const fail = async (error_class: string | null, columns: object = {}) => {
    const run_id = await addRun(database.postgres, { status: "failed", failed_at: ago(0), ...columns })
    await database.postgres.transaction(tx =>
      tx
        .insertInto("run_events")
        .values({ run_id, seq: 1, type: "run.failed", error_class, data_json: "{}" })
        .execute(),
    )
    return run_id
  }

  describe("today's failures", () => {
    test("are counted by the class of error, and those that began on other days are none of them", async () => {
      await fail("provider.timeout")
      await fail("provider.timeout")
      await fail(null)
      await fail("worker.timeout", { created_at: ago(2 * DAY_S) })
      await fail("worker.timeout", { deleted_at: ago(0) })
      await addRun(database.postgres, { status: "completed" })
      expect(await readerOf(database).read("failures")).toEqual({ "provider.timeout": 2n, "": 1n })
    })

    test("of which those that are settled are read once, and the others again, as a whole reading has them", async () => {
      const reader = readerOf(database)
      await fail("settled", { failed_at: ago(20 * 60) })
      const late = await fail("fresh")
      expect(await reader.read("failures")).toEqual({ settled: 1n, fresh: 1n })
      await fail("fresh")
      await asSuperuser(`update runs set status = 'completed' where id = '${late}'`, database.url)
      await asSuperuser("update run_events set error_class = 'changed' where error_class = 'settled'", database.url)
      expect(await reader.read("failures")).toEqual({ settled: 1n, fresh: 1n })
      expect(reader.state.asked).toEqual([undefined, expect.any(String)])
      const whole = { changed: 1n, fresh: 1n }
      expect(await readerOf(database).read("failures")).toEqual(whole)
      reader.recount()
      expect(await reader.read("failures")).toEqual(whole)
      const today = dayOf(reader.state.now)
      reader.state.now += HOUR_MS
      await asSuperuser("truncate run_events", database.url)
      // An hour before midnight, the next hour is of another day.
      expect(await reader.read("failures")).toEqual(dayOf(reader.state.now) === today ? { "": 2n } : {})
    })

    test("are read seldom where that takes long", async () => {
      const reader = readerOf(database)
      reader.state.tookMs = 1_000
      await fail("first")
      expect(await reader.read("failures")).toEqual({ first: 1n })
      await fail("second")
      reader.state.now += MINUTE_MS
      expect(await reader.read("failures")).toEqual({ first: 1n })
      reader.state.now += 3 * MINUTE_MS
      expect(await reader.read("failures")).toEqual({ first: 1n, second: 1n })
    })
  })

  test("new users are counted by hour, for the last day and the week before", async () => {
    const hour = (ms: number) => String(Math.floor(ms / HOUR_MS) * HOUR_MS)
    const add = (seconds: number, columns = {}) =>
      addPerson(database.postgres, { created_at: ago(seconds), ...columns })
    await add(0)
    await add(3 * DAY_S)
    await add(9 * DAY_S)
    await add(0, { deleted_at: ago(0) })
    expect(await readerOf(database).read("new users")).toEqual({
      [hour(Date.now())]: 1n,
      [hour(Date.now() - 3 * DAY_S * 1000)]: 1n,
    })
  })
})
