import { randomUUID } from "node:crypto"
import { describe, expect, onTestFinished, test } from "vitest"
import type { z } from "zod"
import type { logQuery } from "../../src/domain/access-log-query.ts"
import { followLog, readLog } from "../../src/services/access-log.ts"
import { Gateway, idOf, newStream } from "../support/access-log.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const gateway = Gateway.forTests()

const numbered = (count: number, from = 0): Record<string, string>[] =>
  Array.from({ length: count }, (_, i) => ({ path: `/${from + i}`, status: (from + i) % 10 === 0 ? "500" : "200" }))

eachGeneration(database => {
  /** Reads pages of one stream. */
  const readerOf = (stream: string) => {
    const deck = gateway.deck(stream, database.postgres)
    return (input: z.input<typeof logQuery> = {}) => deck.run(readLog, input)
  }

  describe("a page", () => {
    test("is the newest entries, newest first, in the contract's words", async () => {
      const stream = newStream()
      await gateway.add(stream, [{ path: "/old" }, { path: "/new", status: "200", risk_score: "85", account_id: "a1" }])
      const page = await readerOf(stream)()
      expect(readLog.answer.parse(page)).toEqual(page)
      expect(page.has_more).toBe(false)
      expect(page).not.toHaveProperty("next_before")
      expect(page.data.map(entry => entry.path)).toEqual(["/new", "/old"])
      expect(page.data[0]).toMatchObject({
        status_code: 200,
        risk_score: 0.85,
        org_id: "a1",
        timestamp: "2023-11-14T22:13:20.001Z",
      })
    })

    test("of a stream that does not exist is empty, and it is said that no database holds one", async () => {
      const deck = gateway.deck(newStream(), database.postgres)
      const page = await deck.run(readLog, {})
      expect(page).toEqual({ data: [], has_more: false })
      expect(await deck.caveat(readLog, page)).toMatch(
        /^Redis 127\.0\.0\.1:\d+\/1 holds no access log, nor does another database there: nothing was logged yet, or/,
      )
    })

    test("that is empty by its filter alone needs no caveat", async () => {
      const stream = newStream()
      await gateway.add(stream, [{ path: "/" }])
      const deck = gateway.deck(stream, database.postgres)
      expect(await deck.caveat(readLog, await deck.run(readLog, { path: "/other" }))).toBe(undefined)
    })

    test("says which database of the server holds the log", async () => {
      const stream = newStream()
      const elsewhere = gateway.writer.duplicate({ db: 3 })
      onTestFinished(() => elsewhere.disconnect())
      await elsewhere.xadd(stream, "*", "path", "/")
      const deck = gateway.deck(stream, database.postgres)
      const server = `127.0.0.1:${gateway.server.port}`
      const says = `Redis ${server}/1 holds no access log: ${server}/3 does, name it in GATEWAY_REDIS_URL`
      expect(await deck.caveat(readLog, await deck.run(readLog, {}))).toBe(says)
      const reader = deck.follow(followLog, {})
      expect((await reader.next()).value).toEqual({ event: "note", message: says })
      await reader.return()
    })

    test("has 50 entries unless asked otherwise, and says exactly whether there are more", async () => {
      const stream = newStream()
      await gateway.add(stream, numbered(51))
      const read = readerOf(stream)
      expect(await read()).toMatchObject({ has_more: true, next_before: idOf(1) })
      expect((await read()).data).toHaveLength(50)
      expect(await read({ limit: 51 })).toMatchObject({ has_more: false })
      expect(await read({ limit: 6, filter: "status:5xx" })).toMatchObject({ has_more: false })
      expect(await read({ limit: 5, filter: "status:5xx" })).toMatchObject({
        has_more: true,
        next_before: idOf(10),
      })
    })

    test("names its users, also when deleted, and leaves unknown ones empty", async () => {
      const stream = newStream()
      const alice = await addPerson(database.postgres, { username: "Alice" })
      const gone = await addPerson(database.postgres, { username: "Gone", deleted_at: new Date().toISOString() })
      const ids = [alice.id, gone.id, alice.id.toUpperCase(), randomUUID(), "no uuid", "'; drop table users; --", ""]
      await gateway.add(
        stream,
        ids.map(user_id => ({ user_id })),
      )
      const { data } = await readerOf(stream)()
      expect(data.map(entry => entry.username).reverse()).toEqual(["Alice", "Gone", "Alice", "", "", "", ""])
    })
  })

  describe("going back page by page", () => {
    const pages = async (
      read: ReturnType<typeof readerOf>,
      input: z.input<typeof logQuery>,
      between: () => Promise<unknown>,
    ) => {
      const ids: string[] = []
      for (let before: string | undefined; ; ) {
        const page = await read({ ...input, ...(before && { before }) })
        ids.push(...page.data.map(entry => entry.id))
        if (!page.has_more) return ids
        before = page.next_before
        await between()
      }
    }

    test("meets every entry once while others are added", async () => {
      const stream = newStream()
      await gateway.add(stream, numbered(1500))
      let added = 1500
      const ids = await pages(readerOf(stream), { limit: 200 }, async () => {
        await gateway.add(stream, numbered(10, added), added)
        added += 10
      })
      expect(ids).toEqual(Array.from({ length: 1500 }, (_, i) => idOf(1499 - i)))
    })

    test("meets every match once, however rare", async () => {
      const stream = newStream()
      await gateway.add(stream, numbered(5000))
      const ids = await pages(readerOf(stream), { limit: 7, filter: "path:/1 status:5xx" }, async () => {})
      const expected = numbered(5000).flatMap(({ path, status }, i) =>
        path?.startsWith("/1") && status === "500" ? [idOf(i)] : [],
      )
      expect(ids).toEqual(expected.reverse())
    })

    test("ends without an error where the stream was trimmed meanwhile", async () => {
      const stream = newStream()
      await gateway.add(stream, numbered(1000))
      const ids = await pages(readerOf(stream), { limit: 100 }, () => gateway.writer.xtrim(stream, "MINID", idOf(650)))
      expect(ids).toEqual(Array.from({ length: 350 }, (_, i) => idOf(999 - i)))
    })
  })

  test("hostile entries are entries", async () => {
    const stream = newStream()
    const long = "x".repeat(1_000_000)
    await gateway.writer.xadd(
      stream,
      "1-1",
      "path",
      Buffer.from([0xff, 0x1b, 0x00, 0x0d, 0x0a]),
      "status",
      "200",
      "status",
      "500",
    )
    await gateway.writer.xadd(stream, "1-2", "path", long, "user_agent", long, "risk_score", "much", "duration_ms", "-")
    await gateway.writer.xadd(stream, "1-3", "", "", "$4\r\npath", "\r\n$1\r\n")
    const { data } = await readerOf(stream)()
    expect(data).toMatchObject([
      { id: "1-3", path: "", status_code: null },
      { id: "1-2", path: long, risk_score: null, duration_ms: null },
      { id: "1-1", path: "\ufffd\x1b\0\r\n", status_code: 200 },
    ])
  })

  test("something else than a stream under the key is said, not shown as empty", async () => {
    const stream = newStream()
    await gateway.writer.set(stream, "text")
    await expect(readerOf(stream)()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("another type under this key"),
    })
  })
})
