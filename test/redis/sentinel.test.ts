import { expect } from "vitest"
import { freePort } from "../../src/demo/free-port.ts"
import { add, KEY, test } from "../support/redis.ts"
import { PRIMARY, Sentinels, startSentinel } from "../support/sentinels.ts"
import { until } from "../support/waiting.ts"

test("a failover under Sentinels: commands and the log go on with the new primary", async ({ lab }) => {
  const sentinels = await lab.started(() => Sentinels.start())
  const target = { url: sentinels.url(1) }
  const [{ client: gateway }] = lab.open(target).gateways
  const writer = async () => lab.client(`redis://127.0.0.1:${(await sentinels.primary())?.port}/1`)
  await add(await writer(), 100)
  const follower = lab.follow(target)
  await until(() => follower.ids.length === 100)
  expect(await gateway.run(redis => redis.xlen(KEY))).toBe(100)

  const killed = await sentinels.failover()
  await add(await writer(), 10, 100)
  await until(() => follower.numbers.at(-1) === 109)
  expect(follower.numbers).toEqual(Array.from({ length: 110 }, (_, n) => n))
  expect(follower.of("gap")).toMatchObject([{ lost: 0, exact: false }])
  expect(follower.of("reset")).toEqual([])
  expect(follower.of("disconnected")[0]?.reason).toMatch(
    `Redis at 127.0.0.1:${killed.port} (${PRIMARY}) cannot be reached`,
  )
  expect(await gateway.run(redis => redis.xlen(KEY))).toBe(110)
})

test("what is wrong with Sentinels is told, each in words of its own", async ({ lab }) => {
  const { server } = await lab.redis()
  const program = server.process.spawnfile
  const watching = [`sentinel monitor ${PRIMARY} 127.0.0.1 ${server.port} 1`]
  const open = await lab.started(() => startSentinel(program, watching))
  const locked = await lab.started(() => startSentinel(program, [...watching, "requirepass secret"]))
  const at = (port: number) => `127.0.0.1:${port}`
  const ping = (hosts: string, more: { sentinelPassword?: string } = {}, primary = PRIMARY) =>
    lab.open({ url: `redis+sentinel://${hosts}/${primary}`, ...more }).api.ping()
  const refused = (hosts: string, more = {}, primary = PRIMARY) =>
    ping(hosts, more, primary).then(
      () => "",
      error => error.message,
    )
  await until(() => ping(at(open.port)).catch(() => false))
  await until(() => ping(at(locked.port), { sentinelPassword: "secret" }).catch(() => false))

  const gone = await freePort()
  expect(await ping(`${at(gone)},${at(open.port)}`)).toBeGreaterThan(0)
  expect(await refused(at(open.port), {}, "other")).toBe(
    `the Sentinel at ${at(open.port)} does not watch other, but ${PRIMARY}: check the name in REDIS_URL or GATEWAY_REDIS_URL`,
  )
  expect(await refused(`${at(gone)},${at(locked.port)}`)).toBe(
    `the Sentinel at ${at(locked.port)} requires a password: add it to OPSDECK_SENTINEL_PASSWORD`,
  )
  expect(await refused(at(locked.port), { sentinelPassword: "guess" })).toBe(
    `the Sentinel at ${at(locked.port)} rejected the user or the password: check OPSDECK_SENTINEL_PASSWORD`,
  )
  expect(await refused(`${at(gone)},${at(gone)}`)).toBe(
    `none of the 2 Sentinels of ${PRIMARY} answers; the Sentinel at ${at(gone)} cannot be reached: connection refused: is it running, and is the port right?`,
  )
  expect(await refused(at(server.port))).toBe(
    `Redis at ${at(server.port)} is no Sentinel: name the Sentinels, or write redis:// in REDIS_URL or GATEWAY_REDIS_URL`,
  )
})

test("a primary that is cut off, and does not know that another took its place, is left for that one", async ({
  lab,
}) => {
  const { server: first, redis } = await lab.redis()
  const { server: second, redis: other } = await lab.redis({ args: ["--replicaof", "127.0.0.1", String(first.port)] })
  const lines = [`sentinel monitor ${PRIMARY} 127.0.0.1 ${first.port} 1`]
  const sentinel = await lab.started(() => startSentinel(first.process.spawnfile, lines))
  await add(redis, 10)
  const target = { url: `redis+sentinel://127.0.0.1:${sentinel.port}/${PRIMARY}` }
  const follower = lab.follow(target)
  const { api } = lab.open(target)
  await until(() => follower.ids.length === 10)
  await api.ping()

  await until(async () => (await other.info("replication")).includes("master_link_status:up"))
  await other.replicaof("NO", "ONE")
  const watcher = lab.client(`redis://127.0.0.1:${sentinel.port}`)
  await watcher.call("SENTINEL", "REMOVE", PRIMARY)
  await watcher.call("SENTINEL", "MONITOR", PRIMARY, "127.0.0.1", second.port, 1)
  await add(other, 5, 10)
  await until(() => follower.ids.length === 15)
  expect(follower.numbers).toEqual(Array.from({ length: 15 }, (_, n) => n))
  expect(follower.of("disconnected").at(-1)?.reason).toBe(
    `Redis at 127.0.0.1:${first.port} (${PRIMARY}) is not what its Sentinels call the primary any more`,
  )
  await api.ping()
  expect(await api.run(one => one.xlen(KEY))).toBe(15)
})
