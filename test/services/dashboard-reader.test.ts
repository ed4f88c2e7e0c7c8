import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { Part } from "../../src/domain/dashboard.ts"
import { DeckError } from "../../src/domain/errors.ts"
import { DashboardReader, type Reading } from "../../src/services/dashboard/dashboard-reader.ts"
import { Deck } from "../../src/services/deck.ts"
import type { Operation } from "../../src/services/operation.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration, type TestDatabase } from "../support/postgres.ts"
import { addRun, addUsage, ago, DAY_S } from "../support/runs.ts"
import { until } from "../support/waiting.ts"

const MINUTE_MS = 60_000
/** A connection may tell the statistics of what it inserted as late as at its end. */
const END_OTHERS = `select pg_terminate_backend(pid, 20000) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`

/** A reader at a clock of its own, to whom counting a table seems to take three seconds: it is due again after ten minutes. */
function slowReader({ postgres }: TestDatabase) {
  const deck = new Deck({ postgres, redis: null as never }, null as never)
  const state = { now: Date.now(), tookMs: 3_000, failure: undefined as DeckError | undefined, counts: [] as Part[] }
  const run: Deck["run"] = async (operation, input, options) => {
    if ((operation as Operation).words[1] === "count") {
      state.counts.push((input as { part: Part }).part)
      state.now += state.tookMs
      if (state.failure) throw state.failure
    }
    return deck.run(operation, input, options)
  }
  const reader = new DashboardReader({ run }, () => state.now)
  const refresh = (part: Part) => reader.refresh(part, new AbortController().signal)
  return { state, refresh, recount: () => reader.recount() }
}

const byKey = ({ days }: Reading) => {
  const groups = Map.groupBy(days, ({ key }) => key)
  return Object.fromEntries([...groups].map(([key, all]) => [key, all.reduce((sum, { count }) => sum + count, 0n)]))
}

eachGeneration(database => {
  afterEach(() => asSuperuser("truncate users, runs, usage_records", database.url))

  describe.each([
    ["with an index on their time", true],
    ["without one", false],
  ])("rows added since they were counted, %s,", (_, isIndexed) => {
    beforeEach(async () => {
      if (!isIndexed) {
        await asSuperuser(
          "drop index if exists users_newest, orgs_newest, runs_newest, usage_records_newest",
          database.url,
        )
      }
    })

    test("are in the figures with the next refresh, as they would be if all were counted", async () => {
      const { postgres } = database
      const reader = slowReader(database)
      const addRows = async () => {
        await addPerson(postgres, { last_login_at: ago(60) })
        await addRun(postgres, { created_at: ago(3 * DAY_S), status: "completed" })
        await addRun(postgres)
        await addUsage(postgres, { model: "a", input_tokens: 7, output_tokens: 3, cost_usd: "0.00000001" })
        await addUsage(postgres, { model: "b", input_tokens: 1, recorded_at: ago(20 * DAY_S) })
      }
      await addRows()
      const parts = ["users", "orgs", "runs", "usage"] as const
      for (const part of parts) expect(await reader.refresh(part)).toMatchObject({ isExact: true })
      await addPerson(postgres)
      await addRun(postgres, { status: "failed" })
      await addUsage(postgres, { model: "a", input_tokens: 5, cost_usd: "1" })
      for (const part of parts) {
        const read = await reader.refresh(part)
        const { totals, days } = await slowReader(database).refresh(part)
        expect(read).toMatchObject({ totals, isExact: false })
        expect(new Set(days.map(({ day, key }) => `${day} ${key}`))).toEqual(
          new Set(read.days.map(({ day, key }) => `${day} ${key}`)),
        )
      }
      expect(reader.state.counts).toEqual(parts)
    })
  })

  test("rows that took the room of others are known to be missing without an index, and counted soon", async () => {
    await asSuperuser("drop index if exists users_newest", database.url)
    await asSuperuser("insert into users (username) select 'old' from generate_series(1, 1000)", database.url)
    await asSuperuser("delete from users where ctid < '(5,0)'", database.url)
    await asSuperuser("vacuum users", database.url)
    await asSuperuser(END_OTHERS, database.url)
    const reader = slowReader(database)
    const { totals } = await reader.refresh("users")
    await asSuperuser("insert into users (username) values ('new'), ('new')", database.url)
    await until(async () => (await reader.refresh("users")).missing === 2n)
    expect(await reader.refresh("users")).toMatchObject({ totals, isExact: false })
    reader.state.now += MINUTE_MS
    expect(await reader.refresh("users")).toMatchObject({
      totals: { count: totals.count + 2n },
      isExact: true,
      missing: 0n,
    })
  })

  test("what was deleted is gone when the table is counted again", async () => {
    const reader = slowReader(database)
    await addPerson(database.postgres, { created_at: ago(DAY_S) })
    await addPerson(database.postgres, { created_at: ago(DAY_S) })
    expect((await reader.refresh("users")).totals.count).toBe(2n)
    await asSuperuser("update users set deleted_at = now()", database.url)
    reader.state.now += 9 * MINUTE_MS
    expect(await reader.refresh("users")).toMatchObject({ totals: { count: 2n }, isExact: false })
    reader.state.now += MINUTE_MS
    expect(await reader.refresh("users")).toMatchObject({ totals: { count: 0n }, isExact: true })
  })

  test("a run of today is shown as it is now, however long ago it began", async () => {
    await asSuperuser(
      "create index if not exists runs_newest on runs (created_at desc, id desc) where deleted_at is null",
      database.url,
    )
    const reader = slowReader(database)
    await addRun(database.postgres, { created_at: `${new Date().toISOString().slice(0, 10)}T00:00:00Z` })
    expect(byKey(await reader.refresh("runs"))).toEqual({ running: 1n })
    await asSuperuser("update runs set status = 'failed'", database.url)
    expect(byKey(await reader.refresh("runs"))).toEqual({ failed: 1n })
    expect(reader.state.counts).toEqual(["runs"])
  })

  test("a small table is counted every time, and any when that is asked for", async () => {
    const reader = slowReader(database)
    reader.state.tookMs = 10
    await reader.refresh("users")
    reader.state.now += 2_000
    expect(await reader.refresh("users")).toMatchObject({ isExact: true })
    reader.state.tookMs = 60_000
    reader.recount()
    expect(await reader.refresh("users")).toMatchObject({ isExact: true })
    expect(await reader.refresh("users")).toMatchObject({ isExact: false })
    reader.recount()
    expect(await reader.refresh("users")).toMatchObject({ isExact: true })
  })

  test("a table that takes too long to count keeps its old figures, grows, and is left alone for an hour", async () => {
    const reader = slowReader(database)
    await addUsage(database.postgres, { input_tokens: 1 })
    await reader.refresh("usage")
    reader.state.now += 10 * MINUTE_MS
    reader.state.tookMs = 120_000
    reader.state.failure = new DeckError("unavailable", "took too long")
    await addUsage(database.postgres, { input_tokens: 2 })
    expect(await reader.refresh("usage")).toMatchObject({ totals: { input: 3n }, trouble: reader.state.failure })
    reader.state.failure = undefined
    reader.state.now += 57 * MINUTE_MS
    expect(await reader.refresh("usage")).toMatchObject({ isExact: false, trouble: { message: "took too long" } })
    reader.state.now += MINUTE_MS
    expect(await reader.refresh("usage")).toMatchObject({ isExact: true, trouble: undefined })
  })

  test("a table that was never counted fails with the reason, without asking again at once", async () => {
    const reader = slowReader(database)
    reader.state.tookMs = 120_000
    reader.state.failure = new DeckError("unavailable", "took too long")
    await expect(reader.refresh("usage")).rejects.toBe(reader.state.failure)
    await expect(reader.refresh("usage")).rejects.toBe(reader.state.failure)
    expect(reader.state.counts).toEqual(["usage"])
    reader.state.tookMs = 0
    reader.recount()
    await expect(reader.refresh("usage")).rejects.toBe(reader.state.failure)
    await expect(reader.refresh("usage")).rejects.toBe(reader.state.failure)
    expect(reader.state.counts).toHaveLength(3)
  })

  test("a refresh that is not wanted any more is no failed attempt", async () => {
    const deck = new Deck({ postgres: database.postgres, redis: null as never }, null as never)
    const reader = new DashboardReader(deck)
    await expect(reader.refresh("users", AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" })
    expect(await reader.refresh("users", new AbortController().signal)).toMatchObject({ isExact: true })
  })
})
