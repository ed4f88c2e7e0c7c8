import { Redis } from "ioredis"
import { afterEach, expect, onTestFinished, test } from "vitest"
import type { GatewayTarget, Several } from "../../src/adapters/redis/connections.ts"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, GATEWAY_CONFIG, settingCacheKey } from "../../src/adapters/redis/keys.ts"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { setGateway } from "../../src/services/gateway/gateway.ts"
import { explainEmptyLog } from "../../src/services/log-place.ts"
import { redisGrant } from "../../src/services/redis-rights.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { freshDatabase } from "../support/postgres.ts"

const database = freshDatabase()
const operations = operationsOn(database)
const visit = doctorOn(database, operations)

afterEach(async () => void (await operations.api.flushall()))

const at = (name: string, db: number, stream?: string): GatewayTarget => ({
  name,
  redis: { url: `${operations.server.url}/${db}` },
  stream,
})

const withGateways = (...gateways: Several<GatewayTarget>) => ({
  api: { url: `${operations.server.url}/0` },
  gateways,
})

/** Adds two entries to a stream, the second `seconds` after the first. */
async function write(db: number, stream: string, seconds: number, url = operations.server.url): Promise<void> {
  const client = new Redis(`${url}/${db}`)
  await client.xadd(stream, "1767225600000-0", "path", "/")
  await client.xadd(stream, `${1767225600000 + seconds * 1000}-0`, "path", "/")
  client.disconnect()
}

async function serverBeside() {
  const server = await startRedisServer()
  const redis = new Redis(`${server.url}/1`)
  redis.on("error", () => {})
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  return { server, redis }
}

test("draws which gateway writes where, looking once at a server that several of them share", async () => {
  const { server, redis } = await serverBeside()
  await write(1, ACCESS_LOG, 40)
  await write(2, "de:log", 10)
  await write(1, ACCESS_LOG, 1, server.url)
  await redis.set(GATEWAY_CONFIG, '{"ip_mode": "direct"}')
  const us = { name: "us", redis: { url: `${server.url}/1` } }
  const { found, of, failure } = await visit({ redis: withGateways(at("eu", 1), at("de", 2, "de:log"), us) })
  expect({ failures: of("failure"), failure }).toEqual({ failures: [] })
  const names = [...found.keys()].filter(name => name.startsWith("redis_gateway")).map(name => name.slice(14))
  const whole = (whose: string) =>
    ["connection", "version", "TLS", "role", "rights", "clock"].map(name => `${name} of ${whose}`)
  expect(names).toEqual([
    ...whole("eu, de"),
    ...["holds of eu", "platform of eu", "holds of de", "platform of de"],
    ...[...whole("us"), "holds of us", "platform of us"],
  ])
  const says = (name: string) => found.get(name)?.says
  const place = `127.0.0.1:${operations.server.port}`
  expect(says("platform access log of eu")).toMatch(
    `${place}/1 ${ACCESS_LOG}: 2 entries hold 40 s of traffic, 0.0 a second; the newest `,
  )
  expect(says("platform access log of de")).toMatch(`${place}/2 de:log: 2 entries hold 10 s of traffic, 0.1 a second`)
  expect(says("platform access log of us")).toMatch(
    `127.0.0.1:${server.port}/1 ${ACCESS_LOG}: 2 entries hold 1 s of traffic, 1.0 a second`,
  )
  expect(says("redis_gateway holds of us")).toMatch("and the gateway's copy of its settings (database 1)")
  expect([says("platform gateway's copy of eu"), says("platform gateway's copy of us")]).toEqual([
    "none, as there are no settings",
    "holds ip_mode without a row, which win over the gateway's environment",
  ])
})

test("a gateway that is out of reach is named, and the others are looked at", async () => {
  const { server } = await serverBeside()
  await server.stop()
  await write(1, ACCESS_LOG, 1)
  const us = { name: "us", redis: { url: server.url } }
  const { found, of, failure } = await visit({ redis: withGateways(at("eu", 1), us) })
  expect(of("failure")).toEqual(["redis_gateway connection of us"])
  expect(failure?.message).toBe("failed: The gateway's Redis connection of us")
  expect(found.get("redis_gateway connection of us")?.remedy).toEqual([
    "check the redisUrl of us, and that this host can reach the server",
  ])
  expect(found.get("redis_gateway holds of us")?.says).toBe(
    "not checked: requires The gateway's Redis connection of us",
  )
  for (const name of ["redis_api holds", "redis_api token marks", "redis_gateway holds of eu"])
    expect(found.get(name)?.state).toBe("ok")
  expect(found.get("platform access log of eu")?.state).toBe("ok")
})

test("a stream that is missing is looked for, and that of another gateway is not taken for it", async () => {
  await write(1, ACCESS_LOG, 1)
  const holds = async (...gateways: Several<GatewayTarget>) =>
    (await visit({ redis: withGateways(...gateways) })).found.get("redis_gateway holds of us")
  expect(await holds(at("eu", 1), at("us", 2))).toEqual({
    state: "warning",
    says: "no access log in any database of this server that is not another gateway's",
    remedy: ["check the redisUrl of us, and its stream if the log has another key; or nothing has been logged yet"],
  })
  await write(3, ACCESS_LOG, 1)
  const found = await holds(at("eu", 1), at("us", 2))
  expect(found).toMatchObject({
    says: "the access log is in database 3, not in database 2",
    remedy: [`set the redisUrl of us to database 127.0.0.1:${operations.server.port}/3`],
  })
})

test("what is swapped with the API's database is told of the gateway that it is swapped with", async () => {
  await write(1, ACCESS_LOG, 1)
  await write(0, "us:log", 1)
  const us = new Redis(`${operations.server.url}/2`)
  await us.set(settingCacheKey("gateway.ip_mode"), "{}")
  us.disconnect()
  const { found } = await visit({ redis: withGateways(at("eu", 1), at("us", 2, "us:log")) })
  for (const name of ["redis_api holds", "redis_gateway holds of us"]) {
    expect(found.get(name)?.remedy).toEqual(["REDIS_URL and the redisUrl of us are swapped: exchange them"])
  }
  expect(found.get("redis_api holds")?.says).toBe("no cached settings: the gateway's database of us has 1")
})

test("a stream that is listed twice is told, since each of its requests is shown twice", async () => {
  await write(1, ACCESS_LOG, 1)
  const { found } = await visit({ redis: withGateways(at("eu", 1), at("us", 1)) })
  expect(found.get("platform access log of us")).toMatchObject({
    state: "warning",
    says: expect.stringMatching(/; the same stream is that of eu: each request is shown several times$/),
  })
  // One server for all needs no names.
  expect(found.get("redis_gateway connection")?.state).toBe("ok")
})

test("the grants name the stream of each gateway, and its rights are complete under them", async () => {
  const { redis, server } = await serverBeside()
  const streams = ["eu:log", "de:log", "eu:log"]
  const grant = redisGrant("everything", streams)
  expect(grant).toMatch("resetchannels ~eu:log ~de:log ~arkloop:gateway:config")
  await redis.call(...(grant.replace("PASSWORD", "secret").split(" ") as [string]))
  const url = `${server.url.replace("//", "//opsdeck:secret@")}/1`
  const gateways = ["eu:log", "de:log"].map(stream => ({ name: stream.slice(0, 2), redis: { url }, stream }))
  const rights = async () =>
    (await visit({ redis: withGateways(...(gateways as [GatewayTarget])) })).found.get("redis_gateway rights")
  expect(await rights()).toMatchObject({ state: "ok", says: "all that are required" })
  await redis.call("ACL", "SETUSER", "opsdeck", "resetkeys", ...grant.split(" ").filter(word => /^~(?!de)/.test(word)))
  expect((await rights())?.says).toMatch(/^missing: EXISTS on de:log, .*XREAD on de:log/)
})

test("a log that looks empty is explained by the gateways whose stream does not exist", async () => {
  await write(1, ACCESS_LOG, 1)
  await write(5, "us:log", 1)
  const redis = openRedis(withGateways(at("eu", 1), at("us", 2, "us:log"), at("ap", 3, "ap:log")))
  onTestFinished(() => redis.close())
  const { missing } = await (await operations.deck(undefined, redis)).run(explainEmptyLog, {})
  const place = `127.0.0.1:${operations.server.port}`
  expect(missing).toEqual({
    stream: "us:log, ap:log",
    says: [
      `Redis ${place}/2 of us holds no access log: ${place}/5 does, name it in the redisUrl of us`,
      `Redis ${place}/3 of ap holds no access log, nor does another database there: nothing was logged yet, or check the redisUrl of ap and its stream`,
    ].join("; "),
  })
})

test("what is owed is told of each gateway, and not known of one that is out of reach", async () => {
  const { server } = await serverBeside()
  await server.stop()
  await write(1, ACCESS_LOG, 1)
  const targets = withGateways(at("eu", 1), { name: "us", redis: { url: server.url } })
  const redis = openRedis(targets)
  onTestFinished(() => redis.close())
  await (await operations.deck(undefined, redis)).change(setGateway, { rate_limit_per_minute: 200 })
  const owed = async () => (await visit({ redis: targets })).found.get("platform owed")
  expect(await owed()).toEqual({
    state: "warning",
    says: "not known whether written: gateway's copy of us (Redis)",
    remedy: ["opsdeck repair"],
  })
  await operations.gateway.del(GATEWAY_CONFIG)
  expect((await owed())?.says).toBe(
    "not written yet: gateway's copy of eu (Redis); not known whether written: gateway's copy of us (Redis)",
  )
})
