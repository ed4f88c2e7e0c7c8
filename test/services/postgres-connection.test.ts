import { randomUUID } from "node:crypto"
import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { asSuperuser, createDatabase, dropDatabase, eachGeneration, freshDatabase } from "../support/postgres.ts"
import { startTcpProxy, through } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"

const answers = (postgres: Postgres) => expect(postgres.ping()).resolves.toEqual(expect.any(Number))

describe("an outage", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgresServer()
    await server.createDatabase("platform")
    await migrate(server.url("platform"))
  })
  afterAll(() => server.stop())

  test("a restarted server is found again by the next query", async () => {
    const postgres = openPostgres({ url: server.url("platform") })
    await Promise.all([answers(postgres), answers(postgres), answers(postgres)])
    await server.halt()
    await expect(postgres.ping()).rejects.toMatchObject({
      code: "unavailable",
      message: `PostgreSQL at 127.0.0.1:${server.port} cannot be reached: connection refused: is it running, and is the port right?`,
    })
    await server.resume()
    await answers(postgres)
    await postgres.close()
  })

  test("connections that were lost unseen are replaced within the query", async () => {
    const proxy = await startTcpProxy(server.port)
    const postgres = openPostgres({ url: through(proxy, server.url("platform")), max: 1 })
    await answers(postgres)
    proxy.reset()
    await answers(postgres)
    await postgres.close()
    await proxy.close()
  })

  test.concurrent("a network that swallows everything is an error within 6 s, and no matter within 3 s of its return", async () => {
    const proxy = await startTcpProxy(server.port)
    const postgres = openPostgres({ url: through(proxy, server.url("platform")), max: 1 })
    await answers(postgres)
    proxy.swallow()
    const lost = performance.now()
    await expect(postgres.ping()).rejects.toMatchObject({ code: "unavailable", message: /no answer/ })
    expect(performance.now() - lost).toBeLessThan(6_000)
    proxy.restore()
    const back = performance.now()
    await answers(postgres)
    expect(performance.now() - back).toBeLessThan(3_000)
    await postgres.close()
    await proxy.close()
  })

  test.concurrent("the same holds for an answer that is on its way when the network goes", async () => {
    const proxy = await startTcpProxy(server.port)
    const postgres = openPostgres({ url: through(proxy, server.url("platform")), max: 1 })
    await answers(postgres)
    const lost = performance.now()
    const answer = postgres.run(async db => {
      proxy.swallow()
      await sql`select 1`.execute(db)
    })
    await expect(answer).rejects.toMatchObject({ code: "unavailable", message: /no answer/ })
    expect(performance.now() - lost).toBeLessThan(7_000)
    proxy.restore()
    await answers(postgres)
    await postgres.close()
    await proxy.close()
  })
})

describe("a query that is not wanted any more", () => {
  const database = freshDatabase()
  const running = (mark: string) =>
    asSuperuser(`select pid from pg_stat_activity where state = 'active' and query like '%/* ${mark} */%'
      and pid <> pg_backend_pid()`)

  test("is reported at once, gone from the server within 2 s, and leaves no word on the terminal", async () => {
    const printed = vi.spyOn(console, "error")
    const mark = randomUUID()
    const controller = new AbortController()
    const query = sql`select pg_sleep(60) /* ${sql.raw(mark)} */`
    const answer = database.postgres.run(db => query.execute(db), controller.signal)
    const refusal = expect(answer).rejects.toMatchObject({ code: "cancelled" })
    await until(async () => (await running(mark)).length === 1)
    controller.abort()
    await refusal
    await until(async () => (await running(mark)).length === 0, { within: 2_000 })
    await answers(database.postgres)
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
  })

  test("is ended by closing the connection, which does not wait for it", async () => {
    const postgres = openPostgres({ url: database.url })
    const mark = randomUUID()
    const answer = postgres.run(db => sql`select pg_sleep(60) /* ${sql.raw(mark)} */`.execute(db))
    const refusal = expect(answer).rejects.toMatchObject({ code: "cancelled" })
    await until(async () => (await running(mark)).length === 1)
    const before = performance.now()
    await postgres.close()
    expect(performance.now() - before).toBeLessThan(2_000)
    await refusal
    await until(async () => (await running(mark)).length === 0, { within: 2_000 })
    await expect(postgres.ping()).rejects.toMatchObject({ code: "cancelled" })
  })

  test("does not begin when nobody wants it from the start", async () => {
    const never = database.postgres.run(() => expect.fail("must not run"), AbortSignal.abort())
    await expect(never).rejects.toMatchObject({ code: "cancelled" })
  })

  test("may be given its own time", async () => {
    const read = (timeoutMs: number) =>
      database.postgres.run(db => sql`select pg_sleep(0.5)`.execute(db), undefined, timeoutMs)
    await expect(read(50)).rejects.toMatchObject({ code: "unavailable", message: /took too long/ })
    await read(20_000)
  })

  test("is stopped by the server when it takes too long, and the connection stays good", async () => {
    const endless = database.postgres.run(db => sql`select pg_sleep(60)`.execute(db))
    await expect(endless).rejects.toMatchObject({ code: "unavailable", message: /took too long/ })
    await answers(database.postgres)
  })

  test("takes no other query down with it", async () => {
    const postgres = openPostgres({ url: database.url, max: 1 })
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController()
      const aborted = postgres.run(db => sql`select pg_sleep(0.02)`.execute(db), controller.signal)
      const next = postgres.run(db => sql`select pg_sleep(0.01)`.execute(db))
      setTimeout(() => controller.abort(), round)
      await aborted.catch(error => expect(error).toMatchObject({ code: "cancelled" }))
      await expect(next).resolves.toBeTruthy()
    }
    await postgres.close()
  })
})

describe("what the server refuses is said in words, without the password:", () => {
  const database = freshDatabase()
  const failing = async (change: (url: URL) => void) => {
    const url = new URL(database.url)
    change(url)
    const postgres = openPostgres({ url: url.href })
    const error = await postgres.ping().catch(error => error)
    await postgres.close()
    expect(error.message).not.toContain(new URL(database.url).password)
    return error
  }

  test("an unknown database", async () => {
    const error = await failing(url => {
      url.pathname = "nowhere"
    })
    expect(error).toMatchObject({ code: "unavailable", message: /has no database "nowhere"/ })
  })

  test("a wrong password", async () => {
    const error = await failing(url => {
      url.password = "wrong-secret"
    })
    expect(error).toMatchObject({ code: "unavailable", message: /refused the password of user "postgres"/ })
    expect(error.message).not.toContain("wrong-secret")
  })

  test("a server without TLS where the URL asks for it", async () => {
    const error = await failing(url => url.searchParams.set("sslmode", "verify-full"))
    expect(error).toMatchObject({ code: "unavailable", message: /offers no TLS/ })
  })

  test("an unknown host", async () => {
    const error = await failing(url => {
      url.hostname = "nowhere.invalid"
    })
    expect(error).toMatchObject({ code: "unavailable", message: /nowhere\.invalid:\d+ cannot be reached/ })
  })

  test("a URL whose password was not escaped", () => {
    for (const url of ["postgres://me:12#34@host/db", "postgres://me:12/34@host/db", "postgres://me:12?34@host/db"]) {
      expect(() => openPostgres({ url })).toThrow(/special characters as %XX/)
    }
  })

  test("a certificate file that is not there", () => {
    expect(() => openPostgres({ url: "postgres://host/db?sslrootcert=/nowhere.pem" })).toThrow(/\/nowhere\.pem/)
  })
})

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
    await expect(change).rejects.toMatchObject({ code: "unavailable", message: /read-only/ })
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
