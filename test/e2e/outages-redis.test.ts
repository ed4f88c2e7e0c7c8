import { expect, onTestFinished, test } from "vitest"
import { newStream, request } from "../support/access-log.ts"
import { numbersOn, range, walkToStart } from "../support/log-view.ts"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { opsdeck } from "../support/program.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { Terminal } from "../support/terminal.ts"

const database = freshDatabase()

/** A Redis of the test's own, and who writes to it. */
async function startRedis() {
  const redis = await startMortalRedis()
  const stream = newStream()
  let written = 0
  return {
    ...redis,
    stream,
    get written() {
      return written
    },
    async add(count: number) {
      for (let left = count; left > 0; left--) {
        await redis.client.xadd(stream, "*", ...Object.entries(request({ path: `/n/${written}` })).flat())
        written++
      }
    },
  }
}

type TestRedis = Awaited<ReturnType<typeof startRedis>>

async function openConsole({ stream, port }: TestRedis, through = port): Promise<Terminal> {
  const apiKey = await addApiKey(database.postgres, await addAdministrator(database.postgres))
  const url = `redis://127.0.0.1:${through}`
  const env = { DATABASE_URL: database.url, REDIS_URL: `${url}/0`, GATEWAY_REDIS_URL: `${url}/1` }
  return Terminal.opsdeck([], { ...env, OPSDECK_STREAM: stream, OPSDECK_API_KEY: apiKey })
}

/** Every request that was written stands in the log, once. */
async function expectAllOnce(terminal: Terminal, redis: TestRedis) {
  await terminal.see("● live", `/n/${redis.written - 1}`)
  expect(await walkToStart(terminal)).toEqual(range(0, redis.written))
}

test("down at the start: the console says so, and comes alive when Redis does", async () => {
  const redis = await startRedis()
  await redis.add(3)
  await redis.kill()
  const terminal = await openConsole(redis)
  await terminal.see(/reconnecting (in \d+s|now), attempt \d+: .*connection refused/, "redis api down", "redis gw down")
  await redis.restart()
  await expectAllOnce(terminal, redis)
})

test("the API's Redis alone down, then the gateway's alone: each is named until it is back, and no save is claimed", async () => {
  const [gateway, api] = [await startRedis(), await startMortalRedis()]
  await gateway.add(3)
  // Somebody's sessions were ended long ago, and Redis knows: nothing is owed.
  const apiKey = await addApiKey(database.postgres, await addAdministrator(database.postgres))
  const person = await addPerson(database.postgres)
  const env = { DATABASE_URL: database.url, OPSDECK_API_KEY: apiKey, OPSDECK_STREAM: gateway.stream }
  const servers = { REDIS_URL: `${api.url}/0`, GATEWAY_REDIS_URL: `${gateway.url}/1` }
  await opsdeck(["users", "update", person.id, "--status", "suspended", "--yes"], { ...env, ...servers })

  await api.kill()
  const terminal = Terminal.opsdeck([], { ...env, ...servers }, { columns: 80, rows: 24 })
  await terminal.see("● live", "▲ redis api down", "● redis gw", "API Redis unreachable; writes may be pending")
  expect(terminal.screen).not.toContain("saved")
  // It stays, whatever else is said.
  terminal.press("3", "1")
  await terminal.see("API Redis unreachable; writes may be pending")
  await api.restart()
  await terminal.see("● redis api", "▲ writes may be pending", "R retry")
  terminal.press("R")
  await terminal.see("no pending writes to Redis", "● redis api")
  terminal.press("j")
  await terminal.wait(() => !terminal.screen.includes("pending"), "it is still said to be pending")

  await gateway.kill()
  await terminal.see("▲ redis gw down", "● redis api", "gateway Redis unreachable")
  await gateway.restart()
  await terminal.see("● live", "● redis gw")
  await terminal.wait(() => !terminal.screen.includes("unreachable"), "it is still said to be unreachable")
})

test("killed and started again: every request is there, once", async () => {
  const redis = await startRedis()
  await redis.add(30)
  const terminal = await openConsole(redis)
  await terminal.see("● live", "/n/29")
  await redis.kill()
  await terminal.see(/reconnecting (in \d+s|now), attempt \d+: .*connection refused/, "last contact")
  expect(numbersOn(terminal).at(-1)).toBe(29)
  await redis.restart()
  await redis.add(30)
  await expectAllOnce(terminal, redis)
})

test("its connections killed, again and again: nothing is lost, nothing comes twice", async () => {
  const redis = await startRedis()
  await redis.add(5)
  const terminal = await openConsole(redis)
  await terminal.see("● live", "/n/4")
  for (let kill = 0; kill < 5; kill++) {
    await redis.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await redis.add(5)
    await terminal.see("● live", `/n/${redis.written - 1}`)
  }
  await expectAllOnce(terminal, redis)
})

test("frozen: the age of what is shown stands there, the keys work, and nothing is lost", async () => {
  const redis = await startRedis()
  await redis.add(30)
  const terminal = await openConsole(redis)
  await terminal.see("● live", "/n/29")
  redis.freeze()
  await terminal.see(/stale for \ds|last contact [6-9]s ago/)
  terminal.press("k")
  await terminal.wait(() => terminal.selected?.endsWith("/n/28") ?? false, "k did nothing")
  terminal.press("G")
  redis.thaw()
  await redis.add(10)
  await expectAllOnce(terminal, redis)
})

test("trimmed while out of touch: the loss is a row with its size, between what was read before and after", async () => {
  const redis = await startRedis()
  const proxy = await startTcpProxy(redis.port)
  onTestFinished(() => proxy.close())
  await redis.add(10)
  const terminal = await openConsole(redis, proxy.port)
  await terminal.see("● live", "/n/9")
  proxy.swallow()
  proxy.reset()
  await terminal.see("reconnecting")
  await redis.add(50)
  await redis.client.xtrim(redis.stream, "MAXLEN", "=", 8)
  proxy.restore()
  await terminal.see("42 entries were trimmed before they could be read", "/n/59", "● live")
  expect(numbersOn(terminal)).toEqual([...range(0, 10), ...range(52, 60)])
  const rows = terminal.rows.map(row => row.trim())
  const gap = rows.findIndex(row => row.includes("42 entries"))
  expect(rows[gap - 1]).toMatch(/\/n\/9$/)
  expect(rows[gap + 1]).toMatch(/\/n\/52$/)
})

test("deleted and made anew: a row says so, and the new stream follows", async () => {
  const redis = await startRedis()
  await redis.add(5)
  const terminal = await openConsole(redis)
  await terminal.see("● live", "/n/4")
  await redis.client.del(redis.stream)
  await redis.add(5)
  await terminal.see("the stream was recreated", "/n/9")
  expect(numbersOn(terminal)).toEqual(range(0, 10))
})
