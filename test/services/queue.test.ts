import { randomUUID } from "node:crypto"
import { afterEach, expect, onTestFinished, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import type { OperationContext } from "../../src/services/operation.ts"
import { showQueue, takeQueuePulse } from "../../src/services/queue.ts"
import { command } from "../support/command.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const sql = (query: string) => asSuperuser(query, database.url)
  const worker = (host: string, status: string, seen: string) =>
    sql(`insert into worker_registrations (worker_id, hostname, status, capabilities, current_load, heartbeat_at)
      values (gen_random_uuid(), '${host}', '${status}', '["run.execute"]', 2, now() - interval '${seen}')`)
  const jobs = () =>
    sql(`insert into jobs (job_type, status, available_at, leased_until) values
      ('email.send', 'dead', now(), null), ('email.send', 'done', now(), null),
      ('run.execute', 'queued', now() - interval '90 s', null), ('run.execute', 'queued', now() + interval '1 h', null),
      ('run.execute', 'leased', now(), now() + interval '1 min'), ('run.execute', 'leased', now(), now() - interval '1 s')`)

  afterEach(() => sql("truncate jobs, worker_registrations"))

  const withoutTables = async (work: () => Promise<void>) => {
    await sql("alter table jobs rename to jobs_away")
    await work().finally(() => sql("alter table jobs_away rename to jobs"))
  }
  const read = async () => (await operations.deck()).run(showQueue, {})
  const pulse = async () => (await (await operations.deck()).run(takeQueuePulse, {})).pulse

  test("jobs are counted by type, workers are alive while they say so", async () => {
    await jobs()
    await worker("one", "active", "5 s")
    await worker("two", "active", "31 s")
    const { jobs: counts, workers, kept } = await read()
    expect({ counts, kept }).toEqual({
      kept: true,
      counts: [
        { job_type: "email.send", ready: 0, oldest_ready_s: null, stuck: 0, in_flight: 0, lost: 0, dead: 1 },
        {
          job_type: "run.execute",
          ready: 1,
          oldest_ready_s: expect.closeTo(90, -1),
          stuck: 0,
          in_flight: 1,
          lost: 1,
          dead: 0,
        },
      ],
    })
    expect(workers.map(({ hostname, alive, load, capacity }) => [hostname, alive, load, capacity])).toEqual([
      ["one", true, 2, 4],
      ["two", false, 2, 4],
    ])
    expect(await pulse()).toEqual({ ready: 1, oldest_s: expect.closeTo(90, -1), stuck: 0, in_flight: 1, alive: 1 })
  })

  test("ready jobs are stuck where nobody alive takes any: the draining finish theirs alone", async () => {
    await jobs()
    await worker("one", "draining", "5 s")
    expect(await pulse()).toMatchObject({ ready: 1, stuck: 1, alive: 1 })
    await sql("delete from worker_registrations")
    expect(await pulse()).toMatchObject({ ready: 1, stuck: 1, alive: 0 })
  })

  test("where there is none, or it may not be read, a console has nothing to watch", async () => {
    await withoutTables(async () => {
      expect(await read()).toEqual({ jobs: [], workers: [], kept: false })
      expect(await pulse()).toBeNull()
    })
    const role = `blind_${randomUUID().replaceAll("-", "")}`
    await sql(`create role ${role} login password 'x'; grant usage on schema public to ${role}`)
    onTestFinished(() => sql(`drop owned by ${role}; drop role ${role}`).then(() => {}))
    const url = new URL(database.url)
    Object.assign(url, { username: role, password: "x" })
    const postgres = openPostgres({ url: url.href })
    onTestFinished(() => postgres.close())
    const context = { postgres, signal: new AbortController().signal } as OperationContext
    expect(await takeQueuePulse.run(context, {})).toEqual({ pulse: null })
  })

  test("the command says what is stuck, and that a platform keeps none, with status 0", async () => {
    const apiKey = await addApiKey(database.postgres, await addAdministrator(database.postgres))
    const redis = { REDIS_URL: `${operations.server.url}/0`, GATEWAY_REDIS_URL: `${operations.server.url}/1` }
    const env = { DATABASE_URL: database.url, OPSDECK_API_KEY: apiKey, ...redis }
    await jobs()
    await worker("one", "active", "1 min")
    const { status, stdout, stderr } = await command(["queue", "--json"], env)
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "opsdeck: 1 stuck: no worker alive can take them (run.execute 1)\n",
    })
    expect(JSON.parse(stdout)).toEqual({
      jobs: [expect.objectContaining({ job_type: "email.send", dead: 1 }), expect.objectContaining({ stuck: 1 })],
      workers: [expect.objectContaining({ hostname: "one", alive: false })],
    })
    const people = await command(["queue"], env)
    // Columns are as wide as what is in them: a time with fewer digits is shorter.
    const steady = people.stdout
      .replace(/20\d\d-\S+ +/, "TIME  ")
      .replace(/SEEN AT +/, "SEEN AT  ")
      .replace(/\d+ s +/, "SPAN              ")
    expect(steady).toMatchInlineSnapshot(`
      "JOBS:
      JOB TYPE     READY  OLDEST READY  STUCK  IN FLIGHT  LOST  DEAD
      email.send       0  -                 0          0     0  1
      run.execute      1  SPAN              1          1     1  0

      WORKERS:
      HOSTNAME  VERSION  STATUS  LOAD  CAPACITY  SEEN AT  ALIVE
      one       unknown  active     2         4  TIME  no
      "
    `)
    await withoutTables(async () => {
      expect(await command(["queue", "--json"], env)).toEqual({
        status: 0,
        stdout: '{"jobs":[],"workers":[]}\n',
        stderr: "opsdeck: not kept by this platform: it has no tables of jobs and workers\n",
      })
    })
  })
})
