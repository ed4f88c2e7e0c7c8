import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Redis } from "ioredis"
import { describe, expect, onTestFinished, test } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { freePort } from "../../src/demo/free-port.ts"
import { type RedisServerOptions, startRedisServer } from "../../src/demo/redis-server.ts"
import { redisRights } from "../../src/services/redis-rights.ts"
import { createAuthority } from "../support/certificates.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { until } from "../support/waiting.ts"

const database = freshDatabase()
const operations = operationsOn(database)
const visit = doctorOn(database, operations)

async function serverWith(options: RedisServerOptions = {}) {
  const server = await startRedisServer(options)
  const redis = new Redis(server.url)
  redis.on("error", () => {}) // Some servers end before their client.
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  return { server, redis }
}

/** What the doctor says of a Redis that is both the API's and the gateway's. */
async function checksOf(url: string) {
  const { found } = await visit({ redis: { api: { url }, gateways: oneGateway({ url }) } })
  return (name: string) => found.get(`redis_${name}`)
}

const GRANTS = "grant the rights that opsdeck doctor --grants prints"

describe("rights, command by command", () => {
  /** The checks of a user of Redis who has no more than `rules`. */
  async function userWith(...rules: string[]) {
    const { server, redis } = await serverWith()
    await redis.xadd(ACCESS_LOG, "*", "path", "/")
    await redis.set(GATEWAY_CONFIG, "{}")
    await redis.call("ACL", "SETUSER", "user", "on", ">secret", ...rules)
    const check = await checksOf(server.url.replace("//", "//user:secret@"))
    expect(await redis.get(GATEWAY_CONFIG)).toBe("{}")
    return check
  }

  test("of somebody who may read, and cannot follow", async () => {
    const check = await userWith("~*", "+@read", "+info", "+ping", "+select")
    expect(check("gateway rights")).toEqual({
      state: "failure",
      says: "missing: EXEC, MULTI, CLIENT SETNAME, TIME",
      remedy: [GRANTS],
    })
    expect(check("api rights")).toEqual({
      state: "warning",
      says: "without CLIENT SETNAME, TIME some details are unavailable; changes also need DEL, EVAL, SET",
      remedy: [GRANTS],
    })
    expect(check("gateway clock")).toMatchObject({ state: "warning", remedy: [GRANTS] })
  })

  test("of keys that are not the access log's", async () => {
    const check = await userWith(
      "~arkloop:auth:*",
      "~arkloop:config:*",
      "~arkloop:api_keys:*",
      "~arkloop:feat:*",
      "~arkloop:ratelimit:*",
      "+@all",
    )
    expect(check("gateway rights")?.says).toBe(
      `missing: ${["EXISTS", "GET", "XINFO STREAM", "XLEN", "XREAD", "XREVRANGE"].map(on => `${on} on ${on === "GET" ? GATEWAY_CONFIG : ACCESS_LOG}`).join(", ")}`,
    )
    expect(check("api rights")).toEqual({ state: "ok", says: "all that are required", remedy: [] })
  })

  test("of a server where a command was disabled", async () => {
    const { server } = await serverWith({ args: ["--rename-command", "EVAL", ""] })
    expect((await checksOf(server.url))("api rights")?.says).toBe(
      "for reading; changes also need EVAL, which this server does not know",
    )
  })

  test("of a server that takes no writes now", async () => {
    const { server, redis } = await serverWith()
    await redis.config("SET", "min-replicas-to-write", "1")
    expect((await checksOf(server.url))("api rights")).toMatchObject({
      state: "warning",
      says: expect.stringMatching(/^changes are refused: NOREPLICAS /),
    })
  })
})

test("what is tried changes nothing, whatever the database holds", async () => {
  const { server, redis } = await serverWith()
  await redis.xadd(ACCESS_LOG, "1-1", "path", "/")
  await redis.set(GATEWAY_CONFIG, '{"ip_mode": "direct"}')
  const held = async () =>
    Promise.all((await redis.keys("*")).sort().map(async key => [key, (await redis.dumpBuffer(key))?.toString("hex")]))
  const before = await held()
  const check = await checksOf(server.url)
  expect(check("gateway rights")).toMatchObject({ state: "ok", says: "all that are required" })
  expect(check("api rights")).toMatchObject({ state: "ok", says: "all that are required" })
  expect(await held()).toEqual(before)
  expect(redisRights([ACCESS_LOG], true).at(-1)?.command).toBe("multi")
})

test("what no right would mend has another remedy, or none", async () => {
  const { server, redis } = await serverWith()
  await redis.set(ACCESS_LOG, "text")
  const url = { url: server.url }
  const { found } = await visit({ redis: { api: url, gateways: oneGateway(url) } })
  expect(found.get("platform access log")).toEqual({
    state: "failure",
    says: `Redis at 127.0.0.1:${server.port} holds another type under this key: check the key and the database number`,
    remedy: [],
  })
  expect(found.get("redis_gateway rights")).toMatchObject({ state: "ok" })
})

describe("a replica", () => {
  async function replica(args: readonly string[] = []) {
    const { server: primary } = await serverWith({ args: ["--repl-diskless-sync-delay", "0"] })
    const { server, redis } = await serverWith({ args: ["--replicaof", "127.0.0.1", String(primary.port), ...args] })
    await until(async () => (await redis.info("replication")).includes("master_link_status:up"))
    return { primary, server, redis }
  }

  test("reads, and refuses changes", async () => {
    const { primary, server } = await replica()
    const check = await checksOf(server.url)
    expect(check("api role")).toEqual({
      state: "warning",
      says: `a replica of 127.0.0.1:${primary.port}: reading and following work, changes are refused`,
      remedy: [`set REDIS_URL to the primary, 127.0.0.1:${primary.port}, where changes are to be made`],
    })
    expect(check("api rights")).toMatchObject({ state: "ok" })
    expect((await checksOf(primary.url))("api role")).toMatchObject({ state: "ok" })
  })

  test("that takes writes loses them, and one out of touch is old", async () => {
    const { primary, server, redis } = await replica(["--replica-read-only", "no"])
    await primary.stop()
    await until(async () => (await redis.info("replication")).includes("master_link_status:down"))
    expect((await checksOf(server.url))("gateway role")?.says).toBe(
      `a replica of 127.0.0.1:${primary.port} that accepts writes, which are lost later; not connected to it, so its data is stale`,
    )
  })
})

test("a Sentinel is told as such, with the server that it watches", async () => {
  const { server } = await serverWith()
  const file = join(temporaryDirectory(), "sentinel.conf")
  const port = await freePort()
  writeFileSync(file, `port ${port}\nsentinel monitor mymaster 127.0.0.1 ${server.port} 1\n`)
  const sentinel = spawn(server.process.spawnfile, [file, "--sentinel"], { stdio: "ignore" })
  onTestFinished(() => void sentinel.kill())
  const api = { url: `redis://127.0.0.1:${port}` }
  const look = () => visit({ redis: { api, gateways: oneGateway({ url: `redis://127.0.0.1:${port}/1` }) } })
  await until(async () => (await look()).found.get("redis_api connection")?.says.includes("Sentinel"))
  const { found } = await look()
  const state = { state: "failure", says: `127.0.0.1:${port} is a Sentinel, not the Redis server that it watches` }
  const remedy = (variable: string) => [`set ${variable} to the server of mymaster: 127.0.0.1:${server.port}`]
  expect(found.get("redis_api connection")).toEqual({ ...state, remedy: remedy("REDIS_URL") })
  expect(found.get("redis_gateway connection")).toEqual({ ...state, remedy: remedy("GATEWAY_REDIS_URL") })
  expect(found.get("redis_gateway rights")?.state).toBe("skipped")
  const platform = openRedis({ api, gateways: oneGateway(api) })
  onTestFinished(() => platform.close())
  await expect(platform.gateways[0].client.run(redis => redis.get("x"))).rejects.toMatchObject({
    message: expect.stringContaining("is it a Sentinel"),
  })
})

test("a server that asks for a client certificate is told as such", async () => {
  const authority = createAuthority()
  const directory = temporaryDirectory()
  const { cert, key } = authority.issue(["127.0.0.1"])
  const file = (name: string, content: string) => {
    writeFileSync(join(directory, name), content)
    return join(directory, name)
  }
  const tls = { "tls-cert-file": cert, "tls-key-file": key, "tls-ca-cert-file": authority.cert }
  const files = Object.entries(tls).flatMap(([name, pem]) => [`--${name}`, file(name, pem)])
  const port = await freePort()
  await serverWith({ args: ["--tls-port", String(port), "--tls-auth-clients", "yes", ...files] })
  const target = { url: `rediss://127.0.0.1:${port}/1`, ca: authority.cert }
  const { found } = await visit({ redis: { api: target, gateways: oneGateway(target) } })
  for (const name of ["redis_api connection", "redis_gateway connection"]) {
    expect(found.get(name)?.says).toMatch(
      /cannot be reached: it asks for a client certificate: give one with --redis-c/,
    )
  }
})
