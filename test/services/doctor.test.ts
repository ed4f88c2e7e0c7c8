import { Redis } from "ioredis"
import { afterEach, describe, expect, onTestFinished, test } from "vitest"
import type { RedisOptions } from "../../src/adapters/redis/connections.ts"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { DeckError } from "../../src/domain/errors.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const sql = (query: string) => asSuperuser(query, database.url)
  const visit = doctorOn(database, operations)
  const redisAt = (api: number, gateway: number): RedisOptions => ({
    api: { url: `${operations.server.url}/${api}` },
    gateways: oneGateway({ url: `${operations.server.url}/${gateway}` }),
  })

  async function fill() {
    await operations.gateway.xadd(ACCESS_LOG, "1767225600000-0", "path", "/")
    await operations.gateway.xadd(ACCESS_LOG, "1767225643000-0", "path", "/")
    await settings.setRows("gateway.", { ip_mode: "direct" })
    await settings.setCopy('{"ip_mode": "direct"}')
    await settings.setCached("gateway.ip_mode", '{"found": true, "value": "direct"}')
  }

  afterEach(async () => {
    await operations.api.flushall()
    await settings.setRows("gateway.", {})
  })

  test("finds nothing wrong with a platform that is well", async () => {
    await fill()
    const { found, of, failure } = await visit()
    expect({ failures: of("failure"), warnings: of("warning"), failure }).toEqual({ failures: [], warnings: [] })
    expect(found.get("platform access log")?.says).toMatch(
      /^2 entries hold 43 s of traffic, 0\.0 a second; the newest /,
    )
    expect(found.get("postgres tables")?.says).toBe(`the platform's, of the ${database.generation} generation`)
    expect(found.get("redis_gateway holds")?.says).toBe(
      "the access log, and the gateway's copy of its settings (database 1)",
    )
    expect(found.get("platform gateway's copy")?.says).toBe("agrees with the settings")
    expect(found.get("platform owed")?.says).toBe("nothing")
  })

  const PLATFORM = [
    ...["redis_api token marks", "redis_api platform", "redis_gateway platform"],
    ...["platform access log", "platform log's clock", "platform gateway's copy", "platform environment"],
    ...["platform owed", "platform left-over access", "platform queue", "platform workers"],
  ]
  const TERMINAL = ["terminal size", "terminal locale", "terminal colours", "terminal copying"]

  test("tells who may not sign in exactly that, the connections, and nothing of the platform's", async () => {
    await fill()
    const { found, of, failure } = await visit({ credentials: await addPerson(database.postgres) })
    expect(of("failure")).toEqual(["operator permission"])
    expect(found.get("operator permission")).toMatchObject({
      says: "sign-in refused: wrong credentials, or not those of a platform administrator",
      remedy: [expect.stringContaining("OPSDECK_API_KEY")],
    })
    expect(of("skipped")).toEqual([...PLATFORM, ...TERMINAL])
    expect(failure).toMatchObject({ code: "unavailable", message: "failed: Operator permission" })
  })

  test("goes on for somebody who has no credentials at all", async () => {
    const { found, of } = await visit({ credentials: new DeckError("forbidden", "not signed in: set something") })
    expect(of("failure")).toEqual(["operator permission"])
    expect(found.get("operator permission")?.says).toBe("not signed in: set something")
  })

  test("says what is out of reach once, and looks at the rest", async () => {
    await fill()
    const { found, of, failure } = await visit({ databaseUrl: "postgres://nobody@127.0.0.1:1/nothing" })
    expect(of("failure")).toEqual(["postgres connection"])
    expect(found.get("postgres connection")?.says).toMatch(/cannot be reached: connection refused/)
    expect(found.get("operator permission")).toEqual({
      state: "skipped",
      says: "not checked: requires PostgreSQL connection",
      remedy: [],
    })
    expect(found.get("redis_gateway holds")?.state).toBe("ok")
    expect(failure?.exitStatus).toBe(6)
  })

  test("waits five seconds for a server that says nothing, and looks at the rest meanwhile", async () => {
    const proxy = await startTcpProxy(operations.server.port)
    onTestFinished(() => proxy.close())
    proxy.swallow()
    const url = `redis://127.0.0.1:${proxy.port}`
    const begun = performance.now()
    const { found, of } = await visit({ redis: { api: { url }, gateways: oneGateway({ url }) } })
    expect(performance.now() - begun).toBeLessThan(15_000)
    expect(of("failure")).toEqual(["redis_api connection", "redis_gateway connection"])
    expect(found.get("postgres indexes")?.state).toBe("ok")
  })

  describe("which Redis database holds what", () => {
    test("the two are the wrong way round", async () => {
      await fill()
      const person = await addPerson(database.postgres, { tokens_invalid_before: "2026-01-01T00:00:00Z" })
      await operations.api.set(tokenMarkKey(person.id), "1")
      const { found, of } = await visit({ redis: redisAt(1, 0) })
      expect(of("warning")).toEqual(
        expect.arrayContaining(["redis_api holds", "redis_api token marks", "redis_gateway holds"]),
      )
      for (const name of ["redis_api holds", "redis_api token marks", "redis_gateway holds"]) {
        expect(found.get(name)?.remedy).toEqual(["REDIS_URL and GATEWAY_REDIS_URL are swapped: exchange them"])
      }
    })

    test("the access log is in a database that nobody named", async () => {
      await fill()
      const { found } = await visit({ redis: redisAt(0, 0) })
      expect(found.get("redis_gateway holds")).toEqual({
        state: "warning",
        says: "the access log is in database 1, not in database 0",
        remedy: [`set GATEWAY_REDIS_URL to database 127.0.0.1:${operations.server.port}/1`],
      })
    })

    test("also where the server has more databases than most", async () => {
      const roomy = await startRedisServer({ args: ["--databases", "40"] })
      onTestFinished(() => roomy.stop())
      const redis = new Redis(`${roomy.url}/39`)
      await redis.xadd(ACCESS_LOG, "*", "path", "/")
      redis.disconnect()
      const url = { url: `${roomy.url}/1` }
      const { found } = await visit({ redis: { api: url, gateways: oneGateway(url) } })
      expect(found.get("redis_gateway holds")?.says).toBe("the access log is in database 39, not in database 1")
    })

    test("there is no access log anywhere", async () => {
      const { found } = await visit()
      expect(found.get("redis_gateway holds")?.says).toBe("no access log in any database of this server")
    })
  })

  test("tells where the gateway's copy differs, and what is owed, with the remedies", async () => {
    await fill()
    const deck = await operations.deck()
    const { id } = await addPerson(database.postgres, { username: "alice" })
    await deck.change(updateUser, { id, status: "suspended" })
    await operations.api.del(tokenMarkKey(id))
    await settings.setCopy('{"ip_mode": "cloudflare"}')
    const { found } = await visit()
    expect(found.get("platform gateway's copy")).toMatchObject({
      state: "warning",
      says: "differs from the settings in ip_mode",
    })
    expect(found.get("platform owed")).toEqual({
      state: "warning",
      says: "not written yet: sessions of alice (Redis)",
      remedy: ["opsdeck repair"],
    })
  })

  test("a table that is not there is a failure, and not one of the rights", async () => {
    await sql("alter table usage_records rename to elsewhere")
    onTestFinished(async () => void (await sql("alter table elsewhere rename to usage_records")))
    const { found, of } = await visit()
    expect(of("failure")).toEqual(["postgres tables"])
    expect(found.get("postgres tables")?.says).toBe("missing, or not in the search_path: usage_records")
  })

  describe("indexes", () => {
    const [orgs, org] = database.generation === "orgs" ? ["orgs", "org"] : ["accounts", "account"]
    const remedy = async () => (await visit()).found.get("postgres indexes")?.remedy

    test("those missing come with the statement that makes them", async () => {
      await sql("drop index runs_org; drop index users_email_trigrams; drop index users_status_newest")
      const { found } = await visit()
      expect(found.get("postgres indexes")).toEqual({
        state: "warning",
        says: "3 of 37 are missing: lists and searches read whole tables",
        remedy: [
          "CREATE INDEX CONCURRENTLY users_status_newest ON users (status, created_at desc, id desc) WHERE deleted_at is null;",
          `CREATE INDEX CONCURRENTLY runs_org ON runs (${org}_id, created_at desc, id desc);`,
          "CREATE INDEX CONCURRENTLY users_email_trigrams ON users USING gin (email gin_trgm_ops);",
        ],
      })
      for (const statement of found.get("postgres indexes")?.remedy ?? []) await sql(statement)
      expect(await remedy()).toEqual([])
    })

    test("another name, a wider index, or one that is read backwards will do", async () => {
      await sql(`drop index ${"orgs"}_newest; create index by_age on ${orgs} (created_at, id, slug);
        drop index runs_status_newest; create index by_status on runs (status, created_at desc, id desc)`)
      expect(await remedy()).toEqual([])
      await sql("drop index by_status; create index by_status on runs (status, created_at, id desc)")
      expect(await remedy()).toEqual([expect.stringContaining("runs_status_newest")])
      await sql("drop index by_status; create index by_status on runs (status, created_at desc nulls last, id desc)")
      expect(await remedy()).toEqual([expect.stringContaining("runs_status_newest")])
    })

    test("a table of partitions gets them one by one, and the extension comes first", async () => {
      await sql(`drop index by_status; create index runs_status_newest on runs (status, created_at desc, id desc);
        drop extension pg_trgm cascade; drop table run_events;
        create table run_events (event_id uuid, run_id uuid not null, seq bigint not null, ts timestamptz not null,
          type text not null, data_json jsonb, tool_name text, error_class text) partition by range (ts);
        create table run_events_2026 partition of run_events for values from ('2026-01-01') to ('2027-01-01')`)
      const statements = await remedy()
      expect(statements?.slice(0, 3)).toEqual([
        "CREATE EXTENSION pg_trgm;",
        "CREATE INDEX CONCURRENTLY ON run_events_2026 (run_id, seq);",
        "CREATE INDEX run_events_run ON run_events (run_id, seq);",
      ])
      for (const statement of statements ?? []) await sql(statement)
      expect(await remedy()).toEqual([])
    })
  })
})
