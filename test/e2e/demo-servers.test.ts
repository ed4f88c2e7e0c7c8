import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { exportedBy, pastMade } from "../support/demo.ts"
import { type Environment, opsdeck, type Running, startOpsdeck } from "../support/program.ts"
import { eventually } from "../support/waiting.ts"

/** A temporary directory that the demo has for itself, so that whatever it leaves behind is seen. */
let temporary: string

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "demo-"))
  // PostgreSQL runs as another user where this is root.
  await chmod(temporary, 0o755)
})

afterEach(() => rm(temporary, { recursive: true }))

const startDemo = (...options: string[]) => startOpsdeck(["demo", "--servers-only", ...options], { TMPDIR: temporary })

async function end(demo: Running, signal: NodeJS.Signals): Promise<void> {
  demo.process.kill(signal)
  await demo.status
  await eventually(async () => expect(await remains()).toEqual([]), { every: 50 })
}

/** Directories of the demo, and (on Linux) processes that run with its temporary directory. */
async function remains(): Promise<string[]> {
  const directories = (await readdir(temporary)).filter(name => name.startsWith("opsdeck-"))
  const processes = (await readdir("/proc").catch(() => [])).filter(name => /^\d+$/.test(name))
  const environments = processes.map(async id => {
    const text = await readFile(`/proc/${id}/environ`, "latin1").catch(() => "")
    return text.includes(temporary) ? [`process ${id}`] : []
  })
  return [...directories, ...(await Promise.all(environments)).flat()]
}

/** Suspends whoever sent the most requests of late, and waits until one is refused. */
async function refusesWhoIsSuspended(env: Environment): Promise<void> {
  const requests = async (filter: string) =>
    JSON.parse((await opsdeck(["log", "--json", "--limit", "200", filter], env)).stdout).data
  const byUser = Map.groupBy(await requests("identity:jwt"), ({ user_id }: { user_id: string }) => user_id)
  const [busiest = ""] = [...byUser.keys()].sort(
    (a, b) => Number(byUser.get(b)?.length) - Number(byUser.get(a)?.length),
  )
  const refused = `user:${busiest} status:401 -path:/v1/me`
  expect(await requests(refused)).toEqual([])
  await opsdeck(["users", "update", busiest, "--status", "suspended", "--yes"], env)
  await eventually(async () => expect(await requests(refused)).not.toEqual([]))
}

describe("opsdeck demo --servers-only", () => {
  test("offers a platform with people, a day of past and live traffic, and leaves nothing behind after SIGINT", {
    timeout: 240_000,
  }, async () => {
    const demo = startDemo("--rate", "300")
    const env = await exportedBy(demo)
    const { DATABASE_URL = "", REDIS_URL = "", GATEWAY_REDIS_URL = "", OPSDECK_API_KEY } = env
    expect(OPSDECK_API_KEY).toMatch(/^ak-[0-9a-f]{64}$/)

    const postgres = openPostgres({ url: DATABASE_URL })
    const users = await postgres.run(db => db.selectFrom("users").select("username").execute())
    expect(users.length).toBeGreaterThan(300)
    const readyMs = Date.now()

    const redis = openRedis({ api: { url: REDIS_URL }, gateways: oneGateway({ url: GATEWAY_REDIS_URL }, ACCESS_LOG) })
    const newest = () => redis.gateways[0].client.run(client => client.xrevrange(ACCESS_LOG, "+", "-", "COUNT", 1))
    expect(await redis.gateways[0].client.run(client => client.xlen(ACCESS_LOG))).toBeGreaterThan(5_000)
    const [[before]] = (await newest()) as [[string, string[]]]
    await eventually(async () => expect((await newest())[0]?.[0]).not.toBe(before))
    redis.close()

    // It owes nothing at its start, and refuses whoever is suspended from then on.
    expect(await opsdeck(["repair", "--json"], env)).toMatchObject({ status: 0, stdout: '{"data":[]}\n' })
    await refusesWhoIsSuspended(env)

    // A day of past is made meanwhile, and leads to the stream without a gap.
    await pastMade(env)
    const past = await opsdeck(["log", "--since", "6h", "--until", "5h", "--limit", "100", "--json"], env)
    const { data, has_more } = JSON.parse(past.stdout)
    expect({ length: data.length, has_more }).toEqual({ length: 100, has_more: true })

    // Meanwhile people start runs, which workers take and end.
    const begun = () =>
      postgres.run(db =>
        db.selectFrom("runs").selectAll().where("created_at", ">", new Date(readyMs).toISOString()).execute(),
      )
    await eventually(async () => expect((await begun()).map(run => run.status)).toContain("completed"), { every: 500 })
    const run = (await begun()).find(({ status }) => status === "completed")
    const events = await postgres.run(db =>
      db.selectFrom("run_events").select("type").where("run_id", "=", String(run?.id)).orderBy("seq").execute(),
    )
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(["run.started", "run.completed"])
    expect(Number(run?.next_event_seq)).toBe(events.length + 1)
    await eventually(async () => {
      const { jobs, workers } = JSON.parse((await opsdeck(["queue", "--json"], env)).stdout)
      expect(jobs.map(({ stuck, lost }: Record<string, number>) => [stuck, lost])).toEqual(jobs.map(() => [0, 0]))
      expect(workers.filter(({ alive }: { alive: boolean }) => alive)).toHaveLength(3)
    })
    const done = await postgres.run(db =>
      db.selectFrom("jobs").select("job_type").where("status", "=", "done").execute(),
    )
    expect(new Set(done.map(({ job_type }) => job_type))).toContain("run.execute")
    await postgres.close()
    await end(demo, "SIGINT")
  })

  test("has several gateways on request, each of which writes, as a profile lists them, and leaves nothing behind after SIGTERM", async () => {
    const names = Array.from({ length: 16 }, (_, i) => `region-${i}`)
    const demo = startDemo("--gateways", names.join(), "--rate", "320")
    const env = await exportedBy(demo)
    expect(JSON.parse(await readFile(env.OPSDECK_CONFIG ?? "", "utf8")).profiles.demo.gateways).toEqual(
      names.map((name, i) => ({ name, redisUrl: env.REDIS_URL?.replace(/0$/, String(i + 1)) })),
    )
    const { data } = JSON.parse((await opsdeck(["doctor", "--json"], env)).stdout)
    const logs = data.filter(({ name }: { name: string }) => name.startsWith("access log of "))
    expect(logs.map(({ name, state }: Record<string, string>) => [name, state])).toEqual(
      names.map(name => [`access log of ${name}`, "ok"]),
    )
    for (const { says } of logs) expect(says).toMatch(/: \d{3,} entries hold .*; the newest \d s old$/)
    await end(demo, "SIGTERM")
  })

  test("records several gateways, with a day of past of each", { timeout: 240_000 }, async () => {
    const names = ["eu", "us", "ap"]
    const demo = startDemo("--gateways", names.join())
    const env = await exportedBy(demo)
    await pastMade(env, names)
    const log = async (...options: string[]) =>
      JSON.parse((await opsdeck(["log", "--limit", "200", "--json", ...options], env)).stdout).data
    const night: { gateway: string; timestamp: string }[] = await log("--since", "6h", "--until", "5h")
    expect(new Set(night.map(({ gateway }) => gateway))).toEqual(new Set(names))
    // Each has requests of its own.
    expect(new Set(night.map(({ timestamp }) => timestamp)).size).toBeGreaterThan(100)
    await eventually(async () => {
      const { status, stdout } = await opsdeck(["record", "status", "--json"], env)
      expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, recording: true, gaps: 0, lost: 0 })
    })
    await end(demo, "SIGINT")
  })

  test.each(["SIGHUP", "SIGKILL"] as const)("leaves nothing behind after %s", async signal => {
    const demo = startDemo()
    await exportedBy(demo)
    expect(await remains()).not.toEqual([])
    await end(demo, signal)
  })

  test.each(["SIGINT", "SIGKILL"] as const)("leaves nothing behind after %s while it is starting", async signal => {
    const demo = startDemo()
    const serverDirectory = expect.stringMatching(/^opsdeck-/)
    await eventually(async () => expect(await readdir(temporary)).toContainEqual(serverDirectory))
    await end(demo, signal)
    expect(demo.lines).toEqual([])
  })
})

test("a demo without a terminal says what there is instead, and starts nothing", async () => {
  const { status, stderr } = await opsdeck(["demo"], { TMPDIR: temporary })
  expect(status).toBe(2)
  expect(stderr).toMatch(/needs a terminal.*--servers-only/)
  expect(await remains()).toEqual([])
})

test.each([
  [["--rate", "fast"], /--rate must be a whole number/],
  [["--rte", "5"], /unknown option --rte; did you mean --rate/],
  [["now"], /demo takes none/],
])("opsdeck demo %j is refused", async (options, message) => {
  const { status, stderr } = await opsdeck(["demo", ...options])
  expect(status).toBe(2)
  expect(stderr).toMatch(message)
})
