import { randomUUID } from "node:crypto"
import { afterEach, describe, expect, test } from "vitest"
import { ACCESS_LOG, activeRunsKey, apiKeyCacheKey, tokenMarkKey, workerKey } from "../../src/adapters/redis/keys.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey, addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const visit = doctorOn(database, operations)
  const sql = (query: string) => asSuperuser(query, database.url)
  const check = async (name: string, env = {}) => (await visit({ env })).found.get(name)

  afterEach(async () => {
    await operations.api.flushall()
    await sql("truncate jobs, worker_registrations")
    await settings.setRows("gateway.", {})
  })

  describe("whether a Redis belongs to this PostgreSQL", () => {
    const stranger = randomUUID()

    test("by what the API's names: users, keys, workers and organizations", async () => {
      const { id, orgId } = await addPerson(database.postgres)
      const key = await addApiKey(database.postgres, { id, orgId } as never)
      const [row] = await sql(`select key_hash from api_keys where user_id = '${id}'`)
      expect(key).toMatch(/^ak-/)
      await sql(`insert into worker_registrations (worker_id, hostname) values ('${stranger}', 'one')`)
      await operations.api.mset({
        [tokenMarkKey(id)]: "1",
        [apiKeyCacheKey(String(row?.key_hash))]: "{}",
        [workerKey(stranger)]: "",
        [activeRunsKey(orgId)]: "1",
        "arkloop:auth:tokens_invalid_before:no-id": "1",
      })
      expect(await check("redis_api platform")).toMatchObject({
        state: "ok",
        says: "1 user, 1 API key, 1 worker, 1 organization of this PostgreSQL",
      })
      await operations.api.set(tokenMarkKey(stranger), "1")
      expect(await check("redis_api platform")).toMatchObject({
        state: "warning",
        says: "names 1 user that this PostgreSQL does not know, beside 1 user, 1 API key, 1 worker, 1 organization that it does",
      })
    })

    test("nothing is known of another platform's", async () => {
      expect((await check("redis_api platform"))?.says).toBe("nothing to compare with PostgreSQL now")
      await operations.api.set(tokenMarkKey(stranger), "1")
      await operations.api.set(apiKeyCacheKey("0".repeat(64)), "{}")
      expect(await check("redis_api platform")).toEqual({
        state: "warning",
        says: "names 1 user, 1 API key that this PostgreSQL does not know, and none that it does: it is another platform's",
        remedy: ["check that DATABASE_URL and REDIS_URL name the same platform"],
      })
    })

    test("by the users of the newest requests", async () => {
      const { id } = await addPerson(database.postgres)
      await operations.gateway.xadd(ACCESS_LOG, "*", "user_id", id)
      await operations.gateway.xadd(ACCESS_LOG, "*", "user_id", "")
      expect(await check("redis_gateway platform")).toMatchObject({ state: "ok", says: "1 user of this PostgreSQL" })
      await operations.gateway.del(ACCESS_LOG)
      await operations.gateway.xadd(ACCESS_LOG, "*", "user_id", stranger)
      expect(await check("redis_gateway platform")).toMatchObject({
        state: "warning",
        remedy: ["check that DATABASE_URL and GATEWAY_REDIS_URL name the same platform"],
      })
    })
  })

  describe("queue and workers", () => {
    const register = (host: string, status: string, seen: string, capabilities = '["run.execute"]') =>
      sql(`insert into worker_registrations (worker_id, hostname, status, capabilities, current_load, heartbeat_at)
        values (gen_random_uuid(), '${host}', '${status}', '${capabilities}', 1, now() - interval '${seen}')`)
    const add = (values: string) =>
      sql(`insert into jobs (job_type, status, available_at, leased_until, worker_tags) values ${values}`)

    test("what waits, and who works", async () => {
      await register("host-a", "active", "5 s")
      await register("host-b", "draining", "5 s")
      await register("host-c", "active", "1 h")
      await add(`('run.execute', 'queued', now() - interval '3 h', null, '{}'),
        ('run.execute', 'queued', now() + interval '1 h', null, '{}'),
        ('run.execute', 'leased', now(), now() + interval '1 min', '{}'),
        ('email.send', 'leased', now(), now() - interval '1 min', '{}'),
        ('email.send', 'done', now(), null, '{}'), ('email.send', 'dead', now(), null, '{}')`)
      expect(await check("platform queue")).toMatchObject({
        state: "ok",
        says: "1 ready, the oldest for 3 h; 1 in flight; 1 lost by their worker; 1 dead",
      })
      expect(await check("platform workers")).toMatchObject({
        state: "ok",
        says: "2 alive: host-a 1 of 4, host-b 1 of 4 (draining)",
      })
    })

    test("jobs that nobody alive can take are stuck", async () => {
      await register("host-a", "active", "5 s", '["run.execute", "cpu"]')
      await add(`('run.execute', 'queued', now() - interval '3 h', null, '{run.execute,cpu}'), ('run.execute', 'queued', now() - interval '3 h', null, '{}'),
        ('run.execute', 'queued', now() - interval '3 h', null, '{gpu,cpu}'), ('email.send', 'queued', now() - interval '3 h', null, '{mail}')`)
      expect(await check("platform queue")).toMatchObject({
        state: "warning",
        says: "2 stuck: no worker alive can take them (email.send 1, run.execute 1); 4 ready, the oldest for 3 h; 0 in flight",
        remedy: [expect.stringContaining("start a worker")],
      })
    })

    test("nobody alive: everything that is ready is stuck, whoever else is registered", async () => {
      await register("host-a", "draining", "5 s")
      await register("host-b", "dead", "5 s")
      await register("host-c", "active", "31 s")
      await add("('run.execute', 'queued', now(), null, '{}')")
      expect((await check("platform queue"))?.says).toMatch(
        /^1 stuck: no worker alive can take them \(run\.execute 1\)/,
      )
      await sql("delete from worker_registrations where hostname <> 'host-c'")
      expect(await check("platform workers")).toMatchObject({
        state: "warning",
        says: expect.stringMatching(/^none is alive; the last was host-c, seen 3\d s ago$/),
      })
    })

    test("nothing is kept, or nobody ever came", async () => {
      expect(await check("platform workers")).toMatchObject({ state: "ok", says: "none has registered" })
      expect((await check("platform queue"))?.says).toBe("no jobs waiting; 0 in flight")
      await sql("alter table jobs rename to other")
      try {
        const says = "not kept by this platform"
        expect(await check("platform queue")).toMatchObject({ state: "ok", says })
        expect(await check("platform workers")).toMatchObject({ state: "ok", says })
      } finally {
        await sql("alter table other rename to jobs")
      }
    })
  })

  describe("the gateway's variables, and its copy", () => {
    test("those of this host count where the gateway has them, and nothing else says otherwise", async () => {
      await settings.setRows("gateway.", { ip_mode: "direct" })
      await settings.setCopy('{"ip_mode": "direct"}')
      const env = { ARKLOOP_GATEWAY_IP_MODE: "cloudflare", ARKLOOP_RATELIMIT_CAPACITY: "50" }
      expect(await check("platform environment", env)).toMatchObject({
        state: "ok",
        says: "ARKLOOP_RATELIMIT_CAPACITY on this host, in force where the gateway has them too; ARKLOOP_GATEWAY_IP_MODE without effect, since a row or the copy says otherwise",
      })
      expect((await check("platform environment"))?.says).toBe(
        "none on this host: the gateway's own, or its defaults, count for trusted_cidrs, risk_reject_threshold, rate_limit_capacity, rate_limit_per_minute",
      )
    })

    test("one that means nothing is told", async () => {
      const env = { ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD: "high" }
      expect(await check("platform environment", env)).toMatchObject({
        state: "warning",
        says: expect.stringMatching(/^ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD cannot be read; /),
      })
    })

    test("members of the copy without a row win over the environment, and are taken back when asked", async () => {
      await settings.setCopy('{"rate_limit_capacity": 7}')
      expect(await check("platform gateway's copy")).toEqual({
        state: "warning",
        says: "holds rate_limit_capacity without a row, which win over the gateway's environment",
        remedy: ["opsdeck gateway set --inherit rate_limit_capacity, or set them"],
      })
    })
  })
})
