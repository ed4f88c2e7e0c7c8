import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { COMMIT, startTcpProxy, through } from "../support/tcp-proxy.ts"
import { eventually } from "../support/waiting.ts"

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgresServer()
  await server.createDatabase("platform")
  await migrate(server.url("platform"))
})
afterAll(() => server.stop())

/** A PostgreSQL behind a bad network, and a change to it. */
async function lab({ max = 1 } = {}) {
  const proxy = await startTcpProxy(server.port)
  const onLateOutcome = vi.fn()
  const postgres = openPostgres({ url: through(proxy, server.url("platform")), max, onLateOutcome })
  onTestFinished(async () => {
    await postgres.close()
    await proxy.close()
  })
  await postgres.ping()
  const key = randomUUID()
  const save = (meanwhile?: () => unknown, signal?: AbortSignal) =>
    postgres.transaction(async tx => {
      await tx.insertInto("platform_settings").values({ key, value: "" }).execute()
      await meanwhile?.()
      return "saved"
    }, signal)
  return { proxy, postgres, onLateOutcome, save, stands: () => stands(key) }
}

/** Whether the setting is there, asked past the bad network. */
async function stands(key: string): Promise<boolean> {
  const direct: Postgres = openPostgres({ url: server.url("platform") })
  const rows = await direct.run(db => db.selectFrom("platform_settings").where("key", "=", key).select("key").execute())
  await direct.close()
  return rows.length === 1
}

test("a change whose commit was done, but whose answer was lost, is saved", async () => {
  const { proxy, save, stands } = await lab()
  void proxy.cut(COMMIT, "unanswered")
  await expect(save()).resolves.toBe("saved")
  expect(await stands()).toBe(true)
})

test("a change whose commit never reached the server is reported as not saved", async () => {
  const { proxy, save, stands } = await lab()
  void proxy.cut(COMMIT, "unsent")
  await expect(save()).rejects.toMatchObject({ code: "unavailable", message: /^not saved: .*(lost|reset)/ })
  expect(await stands()).toBe(false)
})

test("a connection lost before the commit is reported as not saved", async () => {
  const { proxy, save, stands } = await lab()
  await expect(save(() => proxy.reset())).rejects.toMatchObject({ code: "unavailable", message: /^not saved: / })
  expect(await stands()).toBe(false)
})

test("a server that stops before the commit has not saved the change", async () => {
  const { save, stands } = await lab()
  const saving = save(() => server.halt())
  await expect(saving).rejects.toMatchObject({ code: "unavailable", message: /^not saved: / })
  await server.resume()
  expect(await stands()).toBe(false)
})

test("a server that restarts while the commit's answer is lost is asked as soon as it is back", async () => {
  const { proxy, save, stands } = await lab()
  const cut = proxy.cut(COMMIT, "unanswered")
  const saving = save()
  await cut
  await server.halt()
  await server.resume()
  await expect(saving).resolves.toBe("saved")
  expect(await stands()).toBe(true)
})

test("where nobody can be asked, the change may stand or not, and that is what the error says; later, how it ended", async () => {
  const { proxy, onLateOutcome, save } = await lab()
  const cut = proxy.cut(COMMIT, "unanswered")
  const begun = performance.now()
  const saving = save()
  const told = expect(saving).rejects.toMatchObject({ code: "unavailable", message: /may or may not be saved/ })
  await cut
  await proxy.close()
  await told
  expect(performance.now() - begun).toBeLessThan(16_000)
  expect(onLateOutcome).not.toHaveBeenCalled()
  const restored = await startTcpProxy(server.port, proxy.port)
  await eventually(() => expect(onLateOutcome.mock.calls).toEqual([[{ isSaved: true, lostAt: expect.any(Number) }]]))
  await restored.close()
})

test("a commit that the network swallows is given up by the server, with its locks", async () => {
  const { proxy, save, stands } = await lab()
  void proxy.cut(COMMIT, "swallowed")
  await expect(save()).rejects.toMatchObject({ code: "unavailable", message: /^not saved: / })
  expect(await stands()).toBe(false)
})

test("whoever does not want a change any more when it is being committed gets it all the same", async () => {
  const { proxy, save, stands } = await lab()
  const impatient = new AbortController()
  const cut = proxy.cut(COMMIT, "unanswered")
  const saving = save(undefined, impatient.signal)
  await cut
  impatient.abort()
  await expect(saving).resolves.toBe("saved")
  expect(await stands()).toBe(true)
})

test("a transaction in which a statement failed unheard is an error, and not a silent rollback", async () => {
  const { postgres } = await lab()
  const saving = postgres.transaction(tx =>
    tx
      .insertInto("users")
      .values({ username: "a\0" })
      .execute()
      .catch(() => 0),
  )
  await expect(saving).rejects.toThrow(/aborted/)
})
