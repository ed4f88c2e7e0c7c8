import { sql } from "kysely"
import { beforeAll, describe, expect, test } from "vitest"
import type { z } from "zod"
import type { userFilter } from "../../src/domain/user.ts"
import { commandOf, type OperationContext } from "../../src/services/operation.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration, type TestDatabase } from "../support/postgres.ts"

const listCommand = commandOf(listUsers)

const lister = (database: TestDatabase) => (input: z.input<typeof userFilter>) =>
  listCommand.run({ postgres: database.postgres } as OperationContext, listCommand.input.parse(input))

eachGeneration(database => {
  const list = lister(database)
  const namesFor = async (input: z.input<typeof userFilter>) => (await list(input)).data.map(user => user.username)
  const addUser = (username: string, columns: { email?: string; created_at?: string } = {}) =>
    database.postgres.transaction(tx =>
      tx
        .insertInto("users")
        .values({ username, ...columns })
        .returning("id")
        .executeTakeFirstOrThrow(),
    )

  describe("one user", () => {
    test("is answered with every field of the contract, times with their microseconds", async () => {
      const columns = { username: "every-field", email: "every@example.com", locale: "de", timezone: "Europe/Berlin" }
      const person = await addPerson(database.postgres, { ...columns, created_at: "2026-03-01T12:00:00.120450Z" })
      const { data } = await list({ q: "EVERY-field" })
      expect(listCommand.answer.parse({ data, next_cursor: null }).data).toEqual(data)
      expect(data).toEqual([
        {
          id: person.id,
          login: person.login,
          ...columns,
          status: "active",
          avatar_url: null,
          last_login_at: null,
          created_at: "2026-03-01T12:00:00.12045Z",
        },
      ])
    })

    test("counts as deleted by its time of deletion, and is listed only when asked for", async () => {
      const deleted_at = new Date().toISOString()
      await addPerson(database.postgres, { username: "status-a", status: "suspended", deleted_at })
      await addPerson(database.postgres, { username: "status-b", status: "suspended" })
      await addPerson(database.postgres, { username: "status-c" })
      expect(await namesFor({ q: "status-" })).toEqual(["status-c", "status-b"])
      expect(await namesFor({ q: "status-", status: "suspended" })).toEqual(["status-b"])
      expect(await namesFor({ q: "status-", status: "active" })).toEqual(["status-c"])
      expect((await list({ q: "status-", status: "deleted" })).data).toMatchObject([{ status: "deleted" }])
    })
  })

  describe("the search", () => {
    beforeAll(async () => {
      await addUser("100%_sure", { email: "plain@example.com" })
      await addUser("100xxsure")
      await addUser("Zoë Ångström")
      await addUser("back\\slash 'quoted' \"twice\"; drop table users; --")
    })

    test.each([
      ["0%_s", ["100%_sure"]],
      ["_", ["100%_sure"]],
      ["\\", ["back\\slash 'quoted' \"twice\"; drop table users; --"]],
      ["'QUOTED' \"", ["back\\slash 'quoted' \"twice\"; drop table users; --"]],
      ["PLAIN@", ["100%_sure"]],
      ["ZOË", ["Zoë Ångström"]],
      ["ångstr", ["Zoë Ångström"]],
      ["x".repeat(10_000), []],
      ["\u{1F600}", []],
    ])("takes every character for itself, in any case: %j", async (q, expected) => {
      expect(await namesFor({ q })).toEqual(expected)
    })

    test("finds by login", async () => {
      const { id, login } = await addPerson(database.postgres, { username: "somebody", email: null })
      expect((await list({ q: login.toUpperCase() })).data).toMatchObject([{ id }])
    })

    test("refuses a NUL character", () => {
      const { error } = listCommand.input.safeParse({ q: "a\0b" })
      expect(error?.issues).toMatchObject([{ path: ["q"], message: "must not contain a NUL character" }])
    })
  })

  describe("the pages", () => {
    test("hold every user that was there at the start once, however close their times, while others come", async () => {
      const times = ["12:00:00.000001", "12:00:00.000002", "12:00:00.0000", "12:00:00.000999", "12:00:00.001"]
      const ids = await database.postgres.transaction(tx =>
        tx
          .insertInto("users")
          .values(
            Array.from({ length: 300 }, (_, n) => ({
              username: `paged-${n}`,
              created_at: `2026-01-01T${times[n % times.length]}Z`,
            })),
          )
          .returning("id")
          .execute(),
      )
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await list({ q: "paged-", limit: 7, ...(cursor === undefined ? {} : { cursor }) })
        seen.push(...page.data.map(user => user.id))
        await addUser(`paged-newer-${seen.length}`)
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
      expect(seen).toHaveLength(300)
      expect(new Set(seen)).toEqual(new Set(ids.map(({ id }) => id)))
    })

    test("of a search that finds thousands are the newest first, by whichever name each is found", async () => {
      await database.postgres.transaction(tx =>
        sql`insert into users (username, email, created_at)
          select case when n % 2 = 0 then 'thousands' else 'other' end || n, case when n % 2 = 1 then 'thousands' || n end,
            timestamptz '2025-01-01' + n * interval '1 second' from generate_series(1, 7000) n`.execute(tx),
      )
      const first = await list({ q: "THOUSANDS", limit: 200 })
      const second = await list({ q: "thousands", limit: 200, cursor: first.next_cursor as string })
      const found = [...first.data, ...second.data].map(user => Number(user.username.replace(/\D/g, "")))
      expect(found).toEqual(Array.from({ length: 400 }, (_, n) => 7000 - n))
      expect(await namesFor({ q: "thousands", status: "suspended" })).toEqual([])
    })

    test("end with no cursor when they end exactly at the limit", async () => {
      await addUser("exactly-1")
      await addUser("exactly-2")
      expect((await list({ q: "exactly-", limit: 2 })).next_cursor).toBeNull()
      expect((await list({ q: "exactly-", limit: 1 })).next_cursor).not.toBeNull()
    })

    test("are refused for a cursor with any character changed, added or missing", async () => {
      await addUser("damage-1")
      await addUser("damage-2")
      const cursor = (await list({ q: "damage-", limit: 1 })).next_cursor as string
      const damaged = [...cursor].flatMap((character, at) => {
        const other = character === "A" ? "B" : "A"
        return [cursor.slice(0, at) + other + cursor.slice(at + 1), cursor.slice(0, at) + cursor.slice(at + 1)]
      })
      for (const bad of [...damaged, `${cursor}=`, `${cursor}A`, ` ${cursor}`, "", "x", "\0"]) {
        await expect(list({ cursor: bad }), bad).rejects.toMatchObject({ code: "invalid", field: "cursor" })
      }
    })
  })
})
