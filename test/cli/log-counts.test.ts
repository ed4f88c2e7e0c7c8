import { join } from "node:path"
import { expect, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { record } from "../../src/services/history/record.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { request } from "../support/access-log.ts"
import { command } from "../support/command.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { eventually } from "../support/waiting.ts"
import { logRequests, platformOn } from "./platform.ts"

const platform = platformOn(freshDatabase())
const THREE = Date.parse("2026-11-22T03:00:00Z")
const ALICE = "0a11ce00-0000-4000-8000-000000000001"

/** Twenty minutes of requests, of which those to one route fail from three o'clock on for whoever has a new client. */
async function logTwentyMinutes() {
  for (let second = -600; second < 600; second += 2) {
    const [isNew, isThread] = [second % 4 === 0, second % 6 === 0]
    const fails = second >= 0 && isNew && isThread
    const path = isThread ? `/v1/threads/${10_000 + second}/runs` : "/v1/me"
    const fields = {
      path,
      user_agent: isNew ? "sdk/2.4.0" : "Mozilla/5.0",
      status: fails ? "503" : "200",
      user_id: ALICE,
    }
    await logRequests(platform.gateway, THREE + second * 1000, [
      request({ ...fields, duration_ms: String(fails ? 3000 : 40) }),
    ])
  }
}

/** Records what the stream holds, and has the stream forget most of it. */
async function recorded(): Promise<string> {
  const directory = join(temporaryDirectory(), "history")
  const settings = { directory, days: 36_500, bytes: 1e9 }
  const ending = new AbortController()
  const [redis, stream, signal] = [{ url: platform.env.GATEWAY_REDIS_URL as string }, ACCESS_LOG, ending.signal]
  const ended = record(settings, { redis, stream, retention: settings, signal, say: () => {}, flushMs: 50 })
  await eventually(async () => expect((await readRecordStatus(settings, Date.now())).entries).toBe(600))
  ending.abort()
  await ended
  await platform.gateway.xtrim(stream, "MAXLEN", "=", 100)
  return directory
}

test("counts of the log are the documents of the golden files, with and without PostgreSQL and Redis", async () => {
  await logTwentyMinutes()
  const history = await recorded()
  const env = { ...platform.env, OPSDECK_HISTORY: history }
  const window = ["--since", "2026-11-22T02:55:00Z", "--until", "2026-11-22T03:05:00Z"]
  const compared = ["--window", "2026-11-22T03:00:00Z..03:05", "--with", "2026-11-22T02:50:00Z..03:00", "--limit", "6"]
  const commands = {
    "log-histogram": ["log", "histogram", ...window, "--step", "1m"],
    "log-top": ["log", "top", "--by", "route", "--sort", "failed", ...window],
    "log-compare": ["log", "compare", "status:5xx", ...compared],
  }
  for (const [name, argv] of Object.entries(commands)) {
    const json = await command([...argv, "--json"], env)
    expect({ status: json.status, stderr: json.stderr }, name).toEqual({ status: 0, stderr: "" })
    await expect(json.stdout).toMatchFileSnapshot(`golden/${name}.json`)
    const people = await command(argv, env)
    expect(people.status).toBe(0)
    await expect(people.stdout + people.stderr).toMatchFileSnapshot(`golden/${name}.txt`)
    // Nothing else is configured: no credentials, no server.
    const alone = await command([...argv, "--json", "--history-only"], { OPSDECK_HISTORY: history })
    expect(alone).toEqual({ status: 0, stdout: json.stdout, stderr: `opsdeck: from ${history} alone, without names\n` })
  }
  const page = ["log", "--history-only", "--history", history, "--limit", "2", "--json"]
  const first = JSON.parse((await command(page)).stdout)
  expect(first).toMatchObject({ has_more: true, data: [{ user_id: ALICE, username: "" }, {}] })
  const second = JSON.parse((await command([...page, "--before", first.next_before])).stdout)
  expect(second.data[0].id).toBe(`${THREE + 594_000}-0`)
})

test.each([
  [["log", "histogram", "--step", "1s", "--since", "1d"], "--step: gives 86401 bars, and 2000 are the most"],
  [["log", "compare", "--window", "03:00"], "--window: must be two times such as 03:00..03:05"],
  [["log", "compare", "--window", "3h..2h", "--with", "150m..1h"], "--with: must not overlap with the window"],
  [["log", "top", "--since", "1h", "--until", "2h"], "--since: must be before the end"],
  [["log", "top", "--by", "rout"], "--by: must be one of"],
])("%j is refused with what to write instead", async (argv, says) => {
  const { status, stderr } = await command(argv, platform.env)
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) })
})

test("without a history --history-only says where it looked, and a name of a user needs PostgreSQL", async () => {
  const directory = join(temporaryDirectory(), "nothing")
  const none = await command(["log", "top", "--history-only", "--history", directory])
  expect(none).toMatchObject({ status: 6, stderr: expect.stringContaining(`there is no history in ${directory}`) })
  const named = await command(["log", "top", "user:alice", "--history-only", "--history", await recordedAnew()])
  expect(named).toMatchObject({ status: 2, stderr: expect.stringContaining('"alice" is no id') })
})

async function recordedAnew(): Promise<string> {
  await platform.gateway.del(ACCESS_LOG)
  await logTwentyMinutes()
  return recorded()
}

test("log --help says what log takes, and which commands begin with it", async () => {
  const { stdout } = await command(["log", "--help"])
  expect(stdout).toContain("--follow")
  expect(stdout).toMatch(/See also\n {2}log histogram/)
})
