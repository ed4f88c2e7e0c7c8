import { randomUUID } from "node:crypto"
import { sql } from "kysely"
import { expect, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { asSuperuser, createDatabase, dropDatabase, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const insertUser = (columns: { username: string; email?: string }) =>
    database.postgres.transaction(tx => tx.insertInto("users").values(columns).execute())

  test("names and JSON values come back as the contract spells them", async () => {
    const { postgres, generation } = database
    expect(await postgres.generation()).toBe(generation)
    const org_id = randomUUID()
    const settings_json = JSON.stringify({ account_id: 1, org_id: 2 })
    const row = await postgres.transaction(async tx => {
      await tx.insertInto("orgs").values({ id: org_id, slug: "s", name: "n", settings_json }).execute()
      await tx.insertInto("org_memberships").values({ org_id, user_id: randomUUID() }).execute()
      return tx
        .selectFrom("org_memberships")
        .innerJoin("orgs", "orgs.id", "org_memberships.org_id")
        .select(["org_memberships.org_id", "orgs.settings_json"])
        .executeTakeFirstOrThrow()
    })
    expect(row).toEqual({ org_id, settings_json: { account_id: 1, org_id: 2 } })
  })

  test("a value that is taken is a conflict which names the field", async () => {
    await insertUser({ username: "a", email: "taken@example.com" })
    await expect(insertUser({ username: "b", email: "taken@example.com" })).rejects.toMatchObject({
      code: "conflict",
      field: "email",
      message: "email is already taken",
    })
    const membership = { org_id: randomUUID(), user_id: randomUUID() }
    const join = () =>
      database.postgres.transaction(tx => tx.insertInto("org_memberships").values(membership).execute())
    await join()
    await expect(join()).rejects.toMatchObject({ code: "conflict", field: "user_id" })
  })

  test("a NUL character and a malformed value are the input's fault", async () => {
    await expect(insertUser({ username: "a\0b" })).rejects.toMatchObject({ code: "invalid", message: /NUL/ })
    const malformed = database.postgres.run(db => db.selectFrom("users").where("id", "=", "x").selectAll().execute())
    await expect(malformed).rejects.toMatchObject({ code: "invalid" })
  })

  test("reading cannot change anything", async () => {
    const change = database.postgres.run(db => db.deleteFrom("users").execute())
    await expect(change).rejects.toMatchObject({ code: "read_only", message: /read-only/ })
  })

  test("a change that fails halfway leaves nothing, and the connection usable", async () => {
    const failing = database.postgres.transaction(async tx => {
      await tx.insertInto("platform_settings").values({ key: "half", value: "" }).execute()
      throw new RangeError("halfway")
    })
    await expect(failing).rejects.toMatchObject({ code: "internal", message: "halfway" })
    const rows = database.postgres.run(db => db.selectFrom("platform_settings").where("key", "=", "half").execute())
    expect(await rows).toEqual([])
  })

  test("a change sees what others committed while it waited, whatever isolation the database prefers", async () => {
    const name = new URL(database.url).pathname.slice(1)
    await asSuperuser(`alter database "${name}" set default_transaction_isolation = 'serializable'`)
    const postgres = openPostgres({ url: database.url })
    const ask = sql<{ transaction_isolation: string }>`show transaction_isolation`
    const { rows } = await postgres.transaction(tx => ask.execute(tx))
    expect(rows).toEqual([{ transaction_isolation: "read committed" }])
    await postgres.close()
  })

  test("a server that speaks of times in another zone and style is understood", async () => {
    const name = new URL(database.url).pathname.slice(1)
    await asSuperuser(
      `alter database "${name}" set timezone = 'Asia/Kolkata'; alter database "${name}" set datestyle = 'SQL, DMY'`,
    )
    const postgres = openPostgres({ url: database.url })
    const { rows } = await postgres.run(db =>
      sql`select '2026-03-01T12:00:00.100200Z'::timestamptz as time`.execute(db),
    )
    expect(rows).toEqual([{ time: "2026-03-01T12:00:00.1002Z" }])
    await postgres.close()
  })
})

test("a database whose names change meanwhile is understood again after one error", async () => {
  const url = await createDatabase("template_orgs")
  const postgres = openPostgres({ url })
  const list = () => postgres.run(db => db.selectFrom("orgs").select("id").execute())
  expect(await list()).toEqual([])
  await asSuperuser(
    "alter table orgs rename to accounts; alter table org_memberships rename to account_memberships",
    url,
  )
  await expect(list()).rejects.toMatchObject({ code: "unavailable" })
  expect(await list()).toEqual([])
  await postgres.close()
  await dropDatabase(url)
})
