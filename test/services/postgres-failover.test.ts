import { randomUUID } from "node:crypto"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import { writeAudit } from "../../src/services/audit.ts"
import { type ReplicatedPostgres, startReplicatedPostgres } from "../support/replicated-postgres.ts"
import { COMMIT, startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"

let pair: ReplicatedPostgres
/** What lies between the console and the primary. */
let proxy: TcpProxy
let opened: Postgres[]
beforeEach(async () => {
  pair = await startReplicatedPostgres()
  await pair.createPlatform()
  proxy = await startTcpProxy(pair.primary.port)
  opened = []
})
afterEach(async () => {
  for (const postgres of opened) await postgres.close()
  await proxy.close()
  await pair.stop()
})

/** Opens the platform on both servers, the primary by way of the proxy. */
function open(parameters = ""): Postgres {
  const { username, password } = new URL(pair.primary.url("platform"))
  const hosts = `127.0.0.1:${proxy.port},127.0.0.1:${pair.standby.port}`
  const postgres = openPostgres({ url: `postgres://${username}:${password}@${hosts}/platform?${parameters}` })
  opened.push(postgres)
  return postgres
}

/** A change with its audit row, as all are. */
function changing(postgres: Postgres) {
  const key = randomUUID()
  const target = { type: "platform_setting", id: key } as const
  const save = () =>
    postgres.transaction(async tx => {
      await tx.insertInto("platform_settings").values({ key, value: "" }).execute()
      await writeAudit(tx, { actor: null, action: "settings.update", target, traceId: key, metadata: {} })
      return "saved"
    })
  const isThere = async (server: ReplicatedPostgres["primary"]) =>
    (await server.query(`select from platform_settings where key = '${key}'`, "platform")).length === 1
  return { save, isThere }
}

/** Has `save` commit on a primary that nobody can reach any more when it answers. */
async function answerLost<T>(save: () => Promise<T>): Promise<{ readonly saving: Promise<T> }> {
  const cut = proxy.cut(COMMIT, "unanswered", "platform_settings")
  const saving = save()
  await cut
  await proxy.close()
  return { saving }
}

const count = (postgres: Postgres) =>
  postgres.run(db =>
    db
      .selectFrom("users")
      .select(eb => eb.fn.countAll().as("count"))
      .execute(),
  )

test("readings go on while the primary dies, and changes once there is another", async () => {
  const postgres = open()
  let isOver = false
  const reading = async () => {
    let times = 0
    for (; !isOver; times++) await count(postgres)
    return times
  }
  const readings = Promise.all([reading(), reading(), reading()])
  const { save, isThere } = changing(postgres)
  await expect(save()).resolves.toBe("saved")
  await pair.caughtUp()
  const ofStandbys = open("target_session_attrs=standby")
  await count(ofStandbys)
  await pair.primary.kill()
  await expect(changing(postgres).save()).rejects.toMatchObject({ code: "read_only" })
  await pair.standby.promote()
  await expect(count(ofStandbys)).rejects.toThrow(/no PostgreSQL server is a standby, .*: a primary/)
  const later = changing(postgres)
  await expect(later.save()).resolves.toBe("saved")
  isOver = true
  for (const times of await readings) expect(times).toBeGreaterThan(0)
  expect(await isThere(pair.standby)).toBe(true)
  expect(await later.isThere(pair.standby)).toBe(true)
})

test("what asks for a primary waits for the promotion and no longer", async () => {
  const postgres = open("target_session_attrs=read-write")
  await count(postgres)
  await pair.primary.kill()
  await expect(count(postgres)).rejects.toMatchObject({
    code: "unavailable",
    message: new RegExp(`no PostgreSQL server is read-write.*:${pair.standby.port}: a standby`),
  })
  await pair.standby.promote()
  await expect(count(postgres)).resolves.toBeDefined()
})

test("a frozen primary is left within its time", async () => {
  const postgres = open()
  await count(postgres)
  pair.primary.freeze()
  const begun = performance.now()
  await until(() =>
    count(postgres).then(
      () => true,
      () => false,
    ),
  )
  expect(performance.now() - begun).toBeLessThan(12_000)
})

test("a change that was committed, and whose answer was lost with its server, is told as saved by the next primary", async () => {
  const { save, isThere } = changing(open())
  const { saving } = await answerLost(save)
  await pair.caughtUp()
  await pair.primary.kill()
  await pair.standby.promote()
  await expect(saving).resolves.toBe("saved")
  expect(await isThere(pair.standby)).toBe(true)
})

test("a standby that has not heard of a change yet is not believed", async () => {
  const { save, isThere } = changing(open())
  await pair.standby.pauseReplay()
  const { saving } = await answerLost(save)
  await until(async () => {
    const [received] = await pair.standby.query<{ lsn: string }>("select pg_last_wal_receive_lsn() as lsn")
    const [sent] = await pair.primary.query<{ done: boolean }>(
      `select pg_current_wal_lsn() <= '${received?.lsn}' as done`,
    )
    return sent?.done
  })
  await pair.primary.kill()
  await count(open("target_session_attrs=standby"))
  await pair.standby.resumeReplay()
  await pair.standby.promote()
  await expect(saving).resolves.toBe("saved")
  expect(await isThere(pair.standby)).toBe(true)
})

test("a change that its server took with it is told as not saved", async () => {
  const { save, isThere } = changing(open())
  await pair.standby.halt()
  const { saving } = await answerLost(save)
  const told = expect(saving).rejects.toMatchObject({ code: "unavailable", message: /^not saved: / })
  await pair.primary.kill()
  await pair.standby.resume()
  await pair.standby.promote()
  await told
  expect(await isThere(pair.standby)).toBe(false)
})

test("a former primary that comes back is neither written to nor asked how a change ended", async () => {
  const { username, password } = new URL(pair.primary.url("platform"))
  const toNew = await startTcpProxy(pair.standby.port)
  const hosts = `127.0.0.1:${pair.primary.port},127.0.0.1:${toNew.port}`
  const postgres = openPostgres({ url: `postgres://${username}:${password}@${hosts}/platform` })
  opened.push(postgres)
  await changing(postgres).save()
  await pair.caughtUp()
  await pair.primary.kill()
  await pair.standby.promote()
  await until(() =>
    changing(postgres)
      .save()
      .then(
        () => true,
        () => false,
      ),
  )
  await pair.primary.resume()
  toNew.reset()
  const { save, isThere } = changing(postgres)
  await until(() =>
    save().then(
      () => true,
      () => false,
    ),
  )
  expect([await isThere(pair.primary), await isThere(pair.standby)]).toEqual([false, true])
  await toNew.close()
  await expect(changing(postgres).save()).rejects.toThrow(
    `127.0.0.1:${pair.primary.port}: a former primary, without which another one has gone on`,
  )
})
