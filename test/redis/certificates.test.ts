import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Redis } from "ioredis"
import { expect } from "vitest"
import { freePort } from "../../src/demo/free-port.ts"
import { createAuthority } from "../support/certificates.ts"
import { add, KEY, type Lab, test } from "../support/redis.ts"
import { startSentinel } from "../support/sentinels.ts"
import { until } from "../support/waiting.ts"

const authority = createAuthority()
const client = authority.issue(["opsdeck"])

/** A server that takes TLS alone from who has a certificate, and what a target needs to reach it. */
async function withTls(lab: Lab, ...args: string[]) {
  const dir = await lab.dir()
  const { cert, key } = authority.issue(["127.0.0.1"])
  const files = { "tls-cert-file": cert, "tls-key-file": key, "tls-ca-cert-file": authority.cert }
  const lines = Object.entries(files).map(([name, pem]) => {
    const path = join(dir, `${name}.pem`)
    writeFileSync(path, pem)
    return `${name} ${path}`
  })
  const port = await freePort()
  const own = ["tls-auth-clients yes", "tls-replication yes", ...lines]
  const options = [`tls-port ${port}`, ...own].flatMap(line => `--${line}`.split(" "))
  const { server, redis } = await lab.redis({ args: [...options, ...args] })
  return { port, lines: own, server, redis, target: { ca: authority.cert, ...client } }
}

test("a server that asks for a certificate gets it, for commands and for the log", async ({ lab }) => {
  const { port, redis, target } = await withTls(lab)
  const shown = { ...target, url: `rediss://127.0.0.1:${port}` }
  expect(await lab.open(shown).api.ping()).toBeGreaterThan(0)
  await add(redis, 10)
  const follower = lab.follow(shown)
  await until(() => follower.ids.length === 10)
  const { ca, url } = shown
  await expect(lab.open({ ca, url }).api.ping()).rejects.toThrow(
    "it asks for a client certificate: give one with --redis-cert and --redis-key",
  )
  const strange = { ca, url, ...createAuthority().issue(["opsdeck"]) }
  await expect(lab.open(strange).api.ping()).rejects.toThrow(
    "it does not accept the client certificate of --redis-cert",
  )
})

test("with rediss+sentinel:// it is shown to Sentinels as well, to which nothing goes in the clear", async ({
  lab,
}) => {
  const { port, lines, server, target } = await withTls(lab)
  const tlsPort = await freePort()
  const watching = [`tls-port ${tlsPort}`, ...lines, `sentinel monitor main 127.0.0.1 ${port} 1`]
  await lab.started(() => startSentinel(server.process.spawnfile, watching))
  const url = `rediss+sentinel://127.0.0.1:${tlsPort}/main`
  await until(() =>
    lab
      .open({ ...target, url })
      .api.ping()
      .then(
        () => true,
        () => false,
      ),
  )
  const { ca } = target
  await expect(lab.open({ ca, url }).api.ping()).rejects.toThrow(
    `the Sentinel at 127.0.0.1:${tlsPort} cannot be reached: it asks for a client certificate`,
  )
})

test("and with rediss+cluster:// to its nodes", async ({ lab }) => {
  const bus = ["--cluster-enabled", "yes", "--cluster-port", String(await freePort()), "--tls-cluster", "yes"]
  const { port, redis, target } = await withTls(lab, ...bus)
  await redis.call("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)
  await until(async () => (await redis.cluster("INFO")).includes("cluster_state:ok"))
  const shown = { ...target, url: `rediss+cluster://127.0.0.1:${port}` }
  await lab.open(shown).api.run(cluster => cluster.set("a", "1"))
  await add(redis, 3)
  const follower = lab.follow(shown)
  await until(() => follower.ids.length === 3)
})

test("a Unix socket serves commands and the log, and what is wrong with it is told", async ({ lab }) => {
  const path = join(await lab.dir(), "redis.sock")
  const { server } = await lab.redis({ args: ["--unixsocket", path, "--requirepass", "secret"] })
  const target = { url: `unix://:secret@${path}?db=2` }
  const redis = new Redis(server.port, { db: 2, password: "secret" })
  await lab.started(async () => ({ stop: () => redis.disconnect() }))
  await add(redis, 5)
  expect(await lab.open(target).gateways[0].client.run(one => one.xlen(KEY))).toBe(5)
  const follower = lab.follow(target)
  await until(() => follower.ids.length === 5)
  await expect(lab.open({ url: `unix://${path}.x` }).api.ping()).rejects.toThrow(
    `Redis at ${path}.x cannot be reached: there is no such socket: is it running, and with this unixsocket?`,
  )
})
