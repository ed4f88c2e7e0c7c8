import { randomUUID } from "node:crypto"
import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
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

  test.concurrent.each([
    [undefined, "5"],
    ["3", "3"],
    ["1", "2"],
  ])(
    "a silent server has the connect_timeout of its URL to answer (%s), two seconds at the least, and the error says it",
    async (given, seconds) => {
      const proxy = await startTcpProxy(server.port)
      const url = new URL(through(proxy, server.url("platform")))
      if (given !== undefined) url.searchParams.set("connect_timeout", given)
      const postgres = openPostgres({ url: url.href, max: 1 })
      const silent = `PostgreSQL at 127.0.0.1:${proxy.port} cannot be reached: no answer within ${seconds} s`
      proxy.swallow()
      await expect(postgres.ping()).rejects.toMatchObject({ code: "unavailable", message: silent })
      await expect(migrate(url.href)).rejects.toMatchObject({ code: "unavailable", message: silent })
      proxy.restore()
      await answers(postgres)
      proxy.swallow()
      await expect(postgres.ping()).rejects.toMatchObject({ code: "unavailable", message: silent })
      await postgres.close()
      await proxy.close()
    },
  )

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
