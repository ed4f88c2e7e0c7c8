import { Redis } from "ioredis"
import { expect, onTestFinished, test } from "vitest"
import { settingOf } from "../../src/adapters/gateway-words.ts"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { GATEWAY_CONFIG, settingCacheKey, tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { setGateway } from "../../src/services/gateway/gateway.ts"
import { redisGrant } from "../../src/services/redis-rights.ts"
import { repair } from "../../src/services/repair.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { RedisCluster } from "../support/redis-cluster.ts"
import { PRIMARY, Sentinels } from "../support/sentinels.ts"
import { until } from "../support/waiting.ts"

const database = freshDatabase()
const operations = operationsOn(database)
const visit = doctorOn(database, operations)

const roleIn = async (url: string, more = {}) => {
  const target = { url, ...more }
  return (await visit({ redis: { api: target, gateways: oneGateway(target) } })).found
}

/** A deck on the Redis of a URL. */
async function deckOn(url: string) {
  const redis = openRedis({ api: { url }, gateways: oneGateway({ url }) })
  onTestFinished(() => redis.close())
  return operations.deck(undefined, redis)
}

test("a change at a read-only replica says so beforehand, and what it writes there is owed for that reason", async () => {
  const { port } = operations.server
  await operations.api.config("SET", "repl-diskless-sync-delay", "0")
  const replica = await startRedisServer({ args: ["--replicaof", "127.0.0.1", String(port)] })
  const redis = new Redis(replica.port)
  onTestFinished(async () => {
    redis.disconnect()
    await replica.stop()
  })
  await until(async () => (await redis.info("replication")).includes("master_link_status:up"))
  const deck = await deckOn(replica.url)
  const input = { id: (await addPerson(database.postgres)).id, status: "suspended" }
  const says = `Redis at 127.0.0.1:${replica.port} is a read-only replica: what is to be written there will be owed; name its primary, 127.0.0.1:${port}, in REDIS_URL`
  expect((await deck.preview(updateUser, input)).effects[0]).toBe(says)
  const { warnings, steps } = await deck.change(updateUser, input)
  expect(warnings).toEqual([says])
  expect(steps.find(({ owed }) => owed !== undefined)?.owed).toMatch(
    `Redis at 127.0.0.1:${replica.port} is a read-only replica: changes are made on its primary`,
  )
})

test("doctor draws who is primary, who follows and which Sentinels name it, and says which is missing", async () => {
  const sentinels = await Sentinels.start()
  onTestFinished(() => sentinels.stop())
  const primary = await sentinels.primary()
  const drawn = new RegExp(
    `^primary: takes reads and changes; 127.0.0.1:\\d+ follows, .*; 3 of 3 Sentinels name ${PRIMARY} 127.0.0.1:${primary?.port}$`,
  )
  const found = await roleIn(sentinels.url())
  expect(found.get("redis_api connection")?.says).toMatch(`${PRIMARY} via 127.0.0.1:${sentinels.ports[0]} answers in`)
  expect(found.get("redis_api role")).toMatchObject({ state: "ok", says: expect.stringMatching(drawn) })
  expect(found.get("redis_api rights")).toMatchObject({ state: "ok" })
  const more = sentinels.url().replace("/main", ",127.0.0.1:1/main")
  expect((await roleIn(more)).get("redis_gateway role")).toMatchObject({
    state: "warning",
    says: expect.stringMatching(/3 of 4 Sentinels name .*; .*127.0.0.1:1 cannot be reached: connection refused/),
    remedy: ["start the missing Sentinels, or take them out of GATEWAY_REDIS_URL"],
  })
})

test("what is changed during a failover is in force, or told as owed and written by repair", async () => {
  const sentinels = await Sentinels.start()
  onTestFinished(() => sentinels.stop())
  const deck = await deckOn(sentinels.url())
  const told: { mark: string; isOwed: boolean }[] = []
  const suspend = async () => {
    const { id } = await addPerson(database.postgres)
    const { steps } = await deck.change(updateUser, { id, status: "suspended" })
    told.push({ mark: tokenMarkKey(id), isOwed: steps.some(({ owed }) => owed !== undefined) })
  }
  await suspend()
  const failing = sentinels.failover()
  await until(async () => {
    await suspend()
    return told.at(-1)?.isOwed
  })
  await failing
  await until(
    async () => {
      await suspend()
      return !told.at(-1)?.isOwed
    },
    { every: 100 },
  )
  const redis = new Redis((await sentinels.primary())?.port as number)
  onTestFinished(() => redis.disconnect())
  const inForce = (isOwed: boolean) =>
    Promise.all(told.filter(one => one.isOwed === isOwed).map(({ mark }) => redis.exists(mark)))
  expect(new Set(await inForce(false))).toEqual(new Set([1]))
  await deck.change(repair, {})
  expect(new Set(await inForce(true))).toEqual(new Set([1]))
})

test("in a Cluster every key of a change goes to its own node, and doctor draws them all; under the rights that it asks for", async () => {
  const cluster = await RedisCluster.start()
  onTestFinished(() => cluster.stop())
  const statement = redisGrant("everything", ["arkloop:gateway:access_log"], true).replace("PASSWORD", "secret")
  for (const { redis } of cluster.nodes) await redis.call(...(statement.split(" ") as [string]))
  const url = cluster.url(2).replace("//", "//opsdeck:secret@")

  const cached = settingCacheKey(settingOf("rate_limit_per_minute"))
  for (const [key, value] of [
    [GATEWAY_CONFIG, "{}"],
    [cached, '{"found":true,"value":"1"}'],
  ] as const) {
    await (await cluster.ownerOf(key)).redis.set(key, value)
  }
  const deck = await deckOn(url)
  const person = await addPerson(database.postgres)
  const suspended = await deck.change(updateUser, { id: person.id, status: "suspended" })
  expect(suspended.steps.filter(({ owed }) => owed !== undefined)).toEqual([])
  const mark = tokenMarkKey(person.id)
  expect(await (await cluster.ownerOf(mark)).redis.exists(mark)).toBe(1)
  const set = await deck.change(setGateway, { rate_limit_per_minute: 200 })
  expect(set.steps.filter(({ owed }) => owed !== undefined)).toEqual([])
  expect(await (await cluster.ownerOf(GATEWAY_CONFIG)).redis.get(GATEWAY_CONFIG)).toContain("200")
  expect(await (await cluster.ownerOf(cached)).redis.exists(cached)).toBe(0)

  const found = await roleIn(url)
  const node = "127.0.0.1:\\d+, 127.0.0.1:\\d+ follows, [^;,]+"
  const drawn = new RegExp(`^a Cluster of 3 primaries, all 16384 slots served; ${node}; ${node}; ${node}$`)
  expect(found.get("redis_gateway role")).toMatchObject({ state: "ok", says: expect.stringMatching(drawn) })
  expect(found.get("redis_api rights")).toMatchObject({ state: "ok", says: "all that are required" })
  expect(found.get("redis_gateway rights")).toMatchObject({ state: "ok", says: "all that are required" })
  const refused = await Promise.all(cluster.nodes.map(({ redis }) => redis.call("ACL", "LOG") as Promise<unknown[]>))
  expect(refused.flat()).toEqual([])
})
