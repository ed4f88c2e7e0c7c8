import { describe, expect, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { command } from "../support/command.ts"
import { freshDatabase } from "../support/postgres.ts"
import { startOpsdeck } from "../support/program.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"
import { logRequests, platformOn } from "./platform.ts"

const FIRST = 1_700_000_000_000
const platform = platformOn(freshDatabase())

const requests = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ path: `/${from + i}`, status: "200", user_agent: "x".repeat(200) }))

const pathsOf = (lines: readonly string[]) => lines.map(line => JSON.parse(line).path)

test("prints what is there since a time, then entries as they arrive, and ends with 130 on Ctrl-C", async () => {
  await platform.gateway.del(ACCESS_LOG)
  await logRequests(platform.gateway, FIRST, requests(2))
  const follow = startOpsdeck(["log", "--follow", "--json", "--since", `${FIRST + 1}-0`], platform.env)
  await follow.has(1)
  await logRequests(platform.gateway, FIRST + 2, requests(2, 2))
  await follow.has(3)
  expect(pathsOf(follow.lines)).toEqual(["/1", "/2", "/3"])
  follow.process.kill("SIGINT")
  expect(await follow.status).toBe(130)
  expect(follow.stderr()).toBe("")
})

test("an empty log says on standard error which database holds it, with --json as well", async () => {
  await platform.gateway.del(ACCESS_LOG)
  await logRequests(platform.gateway, FIRST, requests(1))
  const env = { ...platform.env, GATEWAY_REDIS_URL: platform.env.REDIS_URL }
  const { port } = platform.server
  const note = `opsdeck: Redis 127.0.0.1:${port}/0 holds no access log: 127.0.0.1:${port}/1 does, name it in GATEWAY_REDIS_URL\n`
  const { status, stdout, stderr } = await command(["log", "--json"], env)
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{"data":[],"has_more":false}\n', stderr: note })
  const follow = startOpsdeck(["log", "--follow"], env)
  await until(() => follow.stderr() === note)
  follow.process.kill("SIGINT")
  expect(await follow.status).toBe(130)
})

test("for people prints a header and readable lines", async () => {
  await platform.gateway.del(ACCESS_LOG)
  await logRequests(platform.gateway, FIRST, [{ path: "/\u001b[2J", method: "GET" }])
  const follow = startOpsdeck(["log", "--follow", "--since", "0-0", "method:get"], platform.env)
  await follow.has(2)
  expect(follow.lines[0]).toMatch(/^ID +TIMESTAMP +METHOD +PATH/)
  expect(follow.lines[1]).toMatch(/^1700000000000-0 +2023-11-14T22:13:20Z +GET +\/\\x1b\[2J/)
})

test("says on standard error that the log has few requests by API keys, where these are sought", async () => {
  const follow = startOpsdeck(["log", "--follow", "--json", "identity:API_KEY"], platform.env)
  await until(() => follow.stderr() !== "")
  expect(follow.stderr()).toBe("opsdeck: most requests by API keys are logged as anonymous\n")
  follow.process.kill("SIGINT")
  await follow.status
})

test("a loss and a recreated stream are lines of their own", async () => {
  await platform.gateway.del(ACCESS_LOG)
  await logRequests(platform.gateway, FIRST, requests(1))
  const proxy = await startTcpProxy(platform.server.port)
  try {
    const env = { ...platform.env, GATEWAY_REDIS_URL: `redis://127.0.0.1:${proxy.port}/1` }
    const follow = startOpsdeck(["log", "--follow", "--json", "--since", "0-0"], env)
    await follow.has(1)
    proxy.swallow()
    await logRequests(platform.gateway, FIRST + 1, requests(10, 1))
    await platform.gateway.xtrim(ACCESS_LOG, "MAXLEN", 4)
    proxy.reset()
    proxy.restore()
    await follow.has(6)
    expect(JSON.parse(follow.lines[1] as string)).toMatchObject({ event: "gap", lost: 6 })
    expect(pathsOf(follow.lines.slice(2))).toEqual(["/7", "/8", "/9", "/10"])
    await platform.gateway.del(ACCESS_LOG)
    await logRequests(platform.gateway, 1000, requests(1, 50))
    await follow.has(8)
    expect(follow.lines.slice(6).map(line => JSON.parse(line))).toMatchObject([{ event: "reset" }, { path: "/50" }])
    expect(follow.stderr()).toMatch(/^opsdeck: .*trying again\nopsdeck: connected to Redis again\n/)
  } finally {
    await proxy.close()
  }
})

describe("--alert", () => {
  const failures = (count: number) => requests(count).map(fields => ({ ...fields, status: "503" }))

  test("ends with 7 once a rule fires, after the lines that came before", async () => {
    await platform.gateway.del(ACCESS_LOG)
    await logRequests(platform.gateway, FIRST, failures(30))
    const rules = ["--alert", "rate > 500/s", "--alert", "error% > 5"]
    const follow = startOpsdeck(["log", "--follow", "--json", "--since", "0-0", ...rules, "path:/1"], platform.env)
    await follow.has(11)
    await logRequests(platform.gateway, FIRST + 1000, requests(1, 1))
    expect(await follow.status).toBe(7)
    expect(pathsOf(follow.lines)).toEqual(["/1", ...Array.from({ length: 10 }, (_, i) => `/1${i}`)])
    expect(JSON.parse(follow.stderr())).toEqual({
      error: { code: "alert", message: "alert: error% > 5 (100%)", trace_id: expect.any(String) },
    })
  })

  test("fires while nothing passes the filter and nothing comes any more, and says which value it is", async () => {
    await platform.gateway.del(ACCESS_LOG)
    const attack = requests(60).map(fields => ({ ...fields, client_ip: "203.0.113.7" }))
    await logRequests(platform.gateway, FIRST, attack)
    const follow = startOpsdeck(
      ["log", "--follow", "--since", "0-0", "--alert", "rate(ip) > 5/s", "method:PUT"],
      platform.env,
    )
    expect(await follow.status).toBe(7)
    expect(follow.lines).toEqual([])
    expect(follow.stderr()).toMatch(/^opsdeck: alert: rate\(ip\) > 5\/s \(6\/s, 203\.0\.113\.7\) \(trace \w+\)\n$/)
  })

  test("fires after an id an hour ahead as well, of which a note tells", async () => {
    await platform.gateway.del(ACCESS_LOG)
    await logRequests(platform.gateway, Date.now(), requests(1))
    const follow = startOpsdeck(["log", "--follow", "--since", "0-0", "--alert", "error% > 5"], platform.env)
    await follow.has(2)
    await logRequests(platform.gateway, Date.now() + 3_600_000, requests(1))
    await logRequests(platform.gateway, Date.now() + 3_600_001, failures(30))
    expect(await follow.status).toBe(7)
    expect(follow.stderr()).toMatch(
      /^opsdeck: the log's ids are 60 min ahead of Redis's clock: requests count as they arrive\nopsdeck: alert: error% > 5 \(9\d(\.\d)?%\)/,
    )
  })

  test("what was there before the start is not measured", async () => {
    await platform.gateway.del(ACCESS_LOG)
    await logRequests(platform.gateway, Date.now() - 1000, failures(30))
    const follow = startOpsdeck(["log", "--follow", "--json", "--alert", "error% > 5"], platform.env)
    const isMeasured = async () => {
      await platform.gateway.xadd(ACCESS_LOG, "*", "path", "/now", "status", "200")
      return follow.lines.length > 19
    }
    await until(isMeasured)
    follow.process.kill("SIGINT")
    expect(await follow.status).toBe(130)
  })

  test("a rule that cannot be read is a mistake of the command line, which names the option", async () => {
    const mistaken = startOpsdeck(["log", "--follow", "--alert", "errors% > 5"], platform.env)
    expect(await mistaken.status).toBe(2)
    expect(mistaken.stderr()).toMatch(/^opsdeck: --alert: there is no "errors%"; did you mean error%\? There are /)
    const withoutFollow = startOpsdeck(["log", "--alert", "error% > 5"], platform.env)
    expect(await withoutFollow.status).toBe(2)
    expect(withoutFollow.stderr()).toContain("unknown option --alert")
  })
})

test("a pipe that its reader closed is the end, with 0", async () => {
  await platform.gateway.del(ACCESS_LOG)
  await logRequests(platform.gateway, FIRST, requests(1))
  const follow = startOpsdeck(["log", "--follow", "--json", "--since", "0-0"], platform.env)
  await follow.has(1)
  follow.process.stdout.destroy()
  await logRequests(platform.gateway, FIRST + 1, requests(2, 1))
  expect(await follow.status).toBe(0)
  expect(follow.stderr()).toBe("")
})

/** Entries by the tens of thousands, of which a pipe holds a few hundred. */
const MANY = 40_000

async function followBehindFullPipe() {
  await platform.gateway.del(ACCESS_LOG)
  await logRequests(platform.gateway, FIRST, requests(MANY))
  const sent = async () => Number(/total_net_output_bytes:(\d+)/.exec(await platform.gateway.info("stats"))?.[1])
  const before = await sent()
  const follow = startOpsdeck(["log", "--follow", "--json", "--since", "0-0"], platform.env)
  follow.process.stdout.pause()
  // Once the pipe is full, nothing but the answers to INFO moves the counter.
  let last = before
  await until(
    async () => {
      const now = await sent()
      const still = now > before + 100_000 && now - last < 20_000
      last = now
      return still
    },
    { every: 500 },
  )
  return { follow, read: last - before }
}

test("a pipe that stands still stops the reading, and nothing is lost or repeated behind it", async () => {
  const { follow, read } = await followBehindFullPipe()
  expect(read).toBeLessThan((MANY * 200) / 4)
  follow.process.stdout.resume()
  await follow.has(MANY)
  expect(pathsOf(follow.lines)).toEqual(requests(MANY).map(({ path }) => path))
})

test("Ctrl-C ends a command whose pipe stands still", async () => {
  const { follow } = await followBehindFullPipe()
  follow.process.kill("SIGINT")
  expect(await follow.status).toBe(130)
})
