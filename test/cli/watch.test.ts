import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { record } from "../../src/services/history/record.ts"
import { command } from "../support/command.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { startOpsdeck } from "../support/program.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"
import { platformOn } from "./platform.ts"

const database = freshDatabase()
const platform = platformOn(database)
const sql = (query: string) => asSuperuser(query, database.url)

const watch = (rules: readonly string[], env = {}) =>
  startOpsdeck(["watch", "--json", ...rules.flatMap(rule => ["--alert", rule])], { ...platform.env, ...env })
const addWorker = () => sql("insert into worker_registrations (worker_id, hostname) values (gen_random_uuid(), 'one')")
const endWorkers = () => sql("truncate worker_registrations")

const line = (state: string, rule: string, figure: string | null, value: string | null = null) => ({
  ...{ ts: expect.stringMatching(/Z$/), state, rule, figure, value },
  amount: figure === null ? null : expect.closeTo(Number.parseFloat(figure), 0),
})
const read = (lines: readonly string[]) => lines.map(text => JSON.parse(text))

/** Requests as they come, until the program has ended. */
async function requestsUntil(ended: () => boolean, fields: Readonly<Record<string, string>>): Promise<void> {
  await until(
    async () => {
      if (ended()) return true
      for (let i = 0; i < 30; i++) await platform.gateway.xadd(ACCESS_LOG, "*", ...Object.entries(fields).flat())
      return false
    },
    { every: 200 },
  )
}

test("a rule of the queue that fires is a line and the end, with 7", async () => {
  const fired = watch(["workers < 1"])
  expect(await fired.status).toBe(7)
  expect(read(fired.lines)).toEqual([line("firing", "workers < 1", "0 alive")])
  expect(JSON.parse(fired.stderr())).toEqual({
    error: { code: "alert", message: "alert: workers < 1 (0 alive)", trace_id: expect.any(String) },
  })
})

test("a rule of the log fires as well, and says which value it is", async () => {
  await platform.gateway.del(ACCESS_LOG)
  const fired = watch(["rate > 100000/s", "rate(ip) > 1/s"])
  await fired.has(2)
  const hasEnded = () => fired.process.exitCode !== null
  await requestsUntil(hasEnded, { status: "200", client_ip: "203.0.113.7" })
  expect(await fired.status).toBe(7)
  expect(read(fired.lines.slice(0, 2))).toEqual([
    line("quiet", "rate > 100000/s", "0/s"),
    line("quiet", "rate(ip) > 1/s", null),
  ])
  expect(read(fired.lines).at(-1)).toMatchObject({ state: "firing", rule: "rate(ip) > 1/s", value: "203.0.113.7" })
})

test("rules of both are watched at once, until Ctrl-C ends it with 130", async () => {
  await addWorker()
  const both = watch(["workers < 1", "error% > 5", "queue age > 60s"])
  await both.has(3)
  both.process.kill("SIGINT")
  expect(await both.status).toBe(130)
  expect(both.stderr()).toBe("")
  expect(new Set(read(both.lines))).toEqual(
    new Set([
      line("quiet", "workers < 1", "1 alive"),
      line("quiet", "error% > 5", null),
      line("quiet", "queue age > 60s", "0s"),
    ]),
  )
  await endWorkers()
})

test("for people the lines have titles", async () => {
  const { status, stdout, stderr } = await command(["watch", "--alert", "workers < 1"], platform.env)
  expect({ status, lines: stdout.replace(/20\S+Z/, "TIME").split("\n") }).toEqual({
    status: 7,
    lines: [
      expect.stringMatching(/^TS +STATE +FIGURE +VALUE +RULE$/),
      expect.stringMatching(/^TIME +firing +0 alive +- +workers < 1$/),
      "",
    ],
  })
  expect(stderr).toMatch(/^opsdeck: alert: workers < 1 \(0 alive\) \(trace \w+\)\n$/)
})

test("a rule with a time is pending before it fires", async () => {
  await sql(`insert into jobs (job_type, available_at) values ('run.execute', now() - interval '90 s')`)
  const fired = watch(["queue age > 60s for 3s"])
  expect(await fired.status).toBe(7)
  expect(read(fired.lines)).toMatchObject([
    { state: "pending", figure: expect.stringMatching(/^9\ds$/) },
    { state: "firing" },
  ])
  await sql("truncate jobs")
})

test("a rule on the recorder's lag is of the history: it fires when nobody records any more", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "opsdeck-test-")), "history")
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const env = { OPSDECK_HISTORY: directory }
  const none = await command(["watch", "--alert", "record lag > 1m"], { ...platform.env, ...env })
  expect(none).toMatchObject({
    status: 4,
    stderr: expect.stringContaining(`nothing has been recorded into ${directory}`),
  })

  await platform.gateway.xadd(ACCESS_LOG, "*", "path", "/")
  const ending = new AbortController()
  const retention = { days: 7, bytes: 1e9 }
  const redis = { url: platform.env.GATEWAY_REDIS_URL as string }
  const recording = { redis, stream: ACCESS_LOG, retention, signal: ending.signal, say: () => {}, flushMs: 50 }
  const ended = record({ directory, ...retention }, recording)
  await until(() => existsSync(join(directory, "gateway", "manifest.json")))
  ending.abort()
  await ended
  const fired = watch(["record lag > 2s", "record lag > 1h"], env)
  expect(await fired.status).toBe(7)
  expect(read(fired.lines)).toContainEqual(expect.objectContaining({ state: "firing", rule: "record lag > 2s" }))
  expect(read(fired.lines)).toContainEqual(expect.objectContaining({ state: "quiet", rule: "record lag > 3600s" }))
})

test("a pipe that its reader closed is the end, with 0", async () => {
  await platform.gateway.xadd(ACCESS_LOG, "*", "path", "/")
  const closed = watch(["rate > 1/s for 60m"])
  await closed.has(1)
  closed.process.stdout.destroy()
  await requestsUntil(() => closed.process.exitCode !== null, { status: "200" })
  expect(await closed.status).toBe(0)
  expect(closed.stderr()).toBe("")
})

test("PostgreSQL out of reach is said once, and watched again when it is back", async () => {
  await addWorker()
  const target = new URL(database.url)
  const proxy = await startTcpProxy(Number(target.port))
  target.host = `127.0.0.1:${proxy.port}`
  const watching = watch(["workers < 1"], { DATABASE_URL: target.href })
  await watching.has(1)
  await proxy.close()
  await endWorkers()
  await until(() => watching.stderr().includes("trying again"))
  const back = await startTcpProxy(Number(new URL(database.url).port), proxy.port)
  try {
    expect(await watching.status).toBe(7)
  } finally {
    await back.close()
  }
  expect(read(watching.lines)).toMatchObject([{ state: "quiet" }, { state: "firing" }])
  expect(watching.stderr()).toMatch(/^opsdeck: PostgreSQL .*; trying again\nopsdeck: connected to PostgreSQL again\n\{/)
})

test("out of reach at the start is status 6; a platform without a queue is status 4", async () => {
  const nowhere = { ...platform.env, GATEWAY_REDIS_URL: "redis://127.0.0.1:1" }
  expect(await command(["watch", "--alert", "rate > 5/s"], nowhere)).toMatchObject({ status: 6, stdout: "" })
  await sql("alter table jobs rename to jobs_away")
  try {
    const { status, stderr } = await command(["watch", "--alert", "workers < 1"], platform.env)
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringMatching(/^opsdeck: this platform keeps no queue to watch, or /),
    })
  } finally {
    await sql("alter table jobs_away rename to jobs")
  }
})

test.each([
  [["watch", "--alert", "worker < 1"], /^opsdeck: --alert: there is no "worker"; did you mean workers\?/],
  [["watch"], /^opsdeck: --alert is missing/],
  [
    ["log", "--follow", "--alert", "queue age>1m"],
    /^opsdeck: --alert: queue age is of the queue, not of the log: opsdeck watch --alert 'queue age > 60s' waits for it/,
  ],
  [
    ["log", "--follow", "--alert", "record lag > 1m"],
    /^opsdeck: --alert: record lag is of the recorder, not of the log: opsdeck watch --alert 'record lag > 60s' waits/,
  ],
])("%j is a mistake", async (argv, message) => {
  const { status, stderr } = await command(argv, platform.env)
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) })
})
