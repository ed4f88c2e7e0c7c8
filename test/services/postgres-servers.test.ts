import dns from "node:dns/promises"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, type MockInstance, onTestFinished, test, vi } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import type { Tables } from "../../src/adapters/postgres/tables.ts"
import { type ReplicatedPostgres, startReplicatedPostgres } from "../support/replicated-postgres.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"

let pair: ReplicatedPostgres
beforeAll(async () => {
  pair = await startReplicatedPostgres({ max_standby_streaming_delay: "0" })
  await pair.createPlatform()
})
afterAll(() => pair.stop())

/** Opens the platform on the servers at `ports`, in their order. */
function on(ports: readonly number[], parameters: Readonly<Record<string, string>> = {}) {
  const { username, password } = new URL(pair.primary.url("platform"))
  const hosts = ports.map(port => `127.0.0.1:${port}`)
  const query = new URLSearchParams(parameters)
  const postgres = openPostgres({ url: `postgres://${username}:${password}@${hosts}/platform?${query}` })
  onTestFinished(() => postgres.close())
  return { ...postgres, postgres, port: () => postgres.run(portOf) }
}

async function portOf(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ port: number }>`select inet_server_port() as port`.execute(db)
  return rows[0]?.port as number
}

const insert = (tx: Kysely<Tables>) =>
  tx
    .insertInto("feature_flags")
    .values({ key: crypto.randomUUID() })
    .execute()
    .then(() => portOf(tx))

describe("of several servers", () => {
  test.each([
    ["any", "primary", "primary"],
    ["prefer-standby", "standby", "standby"],
    ["standby", "standby", "standby"],
    ["read-only", "standby", "standby"],
    ["primary", "primary", "primary"],
    ["read-write", "primary", "primary"],
  ] as const)("%s means the first that is so", async (target_session_attrs, standbyFirst, primaryFirst) => {
    const { primary, standby } = pair
    const { port: one } = on([standby.port, primary.port], { target_session_attrs })
    expect(await one()).toBe(pair[standbyFirst].port)
    const { port: other } = on([primary.port, standby.port], { target_session_attrs })
    expect(await other()).toBe(pair[primaryFirst].port)
  })

  test("a name with several addresses is as many servers, where the first is not what is wanted", async () => {
    const there = await startTcpProxy(pair.standby.port)
    const beside = await startTcpProxy(pair.primary.port, there.port, "127.0.0.2")
    onTestFinished(() => Promise.all([there.close(), beside.close()]).then(() => {}))
    const lookup = vi.spyOn(dns, "lookup") as unknown as MockInstance<() => Promise<object>>
    lookup.mockResolvedValue(["127.0.0.1", "127.0.0.2"].map(address => ({ address, family: 4 })))
    onTestFinished(() => lookup.mockRestore())
    const { username, password } = new URL(pair.primary.url("platform"))
    const open = (wanted: string) => {
      const url = `postgres://${username}:${password}@localhost:${there.port}/platform?target_session_attrs=${wanted}`
      const postgres = openPostgres({ url })
      onTestFinished(() => postgres.close())
      return postgres
    }
    expect(await open("primary").run(portOf)).toBe(pair.primary.port)
    expect(await open("standby").run(portOf)).toBe(pair.standby.port)
    await beside.close()
    await expect(open("primary").run(portOf)).rejects.toMatchObject({
      message: expect.stringMatching(
        /localhost:\d+ \(127.0.0.1\): a standby; localhost:\d+ \(127.0.0.2\): connection refused$/,
      ),
    })
  })

  test("a primary is what prefer-standby falls back on", async () => {
    const { primary } = pair
    expect(await on([primary.port, 1], { target_session_attrs: "prefer-standby" }).port()).toBe(primary.port)
  })

  test("a first one that is dead, or silent, costs no more than a moment, and that once", async () => {
    const { primary, standby } = pair
    const silent = await startTcpProxy(primary.port)
    onTestFinished(() => silent.close())
    silent.swallow()
    const begun = performance.now()
    const { port } = on([1, silent.port, standby.port])
    expect(await port()).toBe(standby.port)
    expect(performance.now() - begun).toBeLessThan(3_000)
    const again = performance.now()
    await port()
    expect(performance.now() - again).toBeLessThan(1_000)
  })

  test("one that falls silent under several readings costs none of them", async () => {
    const { primary, standby } = pair
    const proxy = await startTcpProxy(primary.port)
    onTestFinished(() => proxy.close())
    const { port } = on([proxy.port, standby.port])
    const four = () => Promise.all([port(), port(), port(), port()])
    expect(new Set(await four())).toEqual(new Set([primary.port]))
    proxy.swallow()
    expect(new Set(await four())).toEqual(new Set([standby.port]))
  })

  test("all of them silent have one time to answer together, however many they are", async () => {
    const silent = await Promise.all([1, 2, 3, 4].map(() => startTcpProxy(pair.primary.port)))
    for (const proxy of silent) {
      onTestFinished(() => proxy.close())
      proxy.swallow()
    }
    const begun = performance.now()
    await expect(on(silent.map(({ port }) => port)).port()).rejects.toMatchObject({
      code: "unavailable",
      message: `no PostgreSQL server can be reached: ${silent.map(({ port }) => `127.0.0.1:${port}: no answer within 2 s`).join("; ")}`,
    })
    expect(performance.now() - begun).toBeLessThan(3_900)
  })

  test("a standby is read while the primary is away, and no longer", async () => {
    const { primary, standby } = pair
    const { postgres, port } = on([primary.port, standby.port])
    expect(await port()).toBe(primary.port)
    await primary.halt()
    expect(await port()).toBe(standby.port)
    expect(postgres.address).toBe(`127.0.0.1:${standby.port}`)
    await primary.resume()
    await until(async () => (await port()) === primary.port)
  })

  test("a standby that was asked for stays in use, and takes no changes", async () => {
    const { primary, standby } = pair
    const { postgres, port } = on([primary.port, standby.port], { target_session_attrs: "prefer-standby" })
    const change = postgres.transaction(insert)
    await expect(change).rejects.toMatchObject({ code: "read_only", message: /^nothing was changed: .*replica/ })
    expect(await port()).toBe(standby.port)
  })

  test("a standby that breaks a reading off, which is in the way of a change, is read again", async () => {
    const { primary, standby } = pair
    const { postgres } = on([primary.port, standby.port], { target_session_attrs: "standby" })
    let times = 0
    const read = postgres.run(async db => {
      times++
      await db.selectFrom("feature_flags").selectAll().execute()
      if (times > 1) return
      await primary.query("alter table feature_flags add column later text", "platform")
      await sql`select pg_sleep(3)`.execute(db)
    })
    await expect(read).resolves.toBeUndefined()
    expect(times).toBe(2)
  })

  test("each is named with its reason where none will do", async () => {
    const { primary, standby } = pair
    const refused = on([1, standby.port], { target_session_attrs: "read-write" }).port()
    await expect(refused).rejects.toMatchObject({
      code: "unavailable",
      message: `no PostgreSQL server is read-write, as target_session_attrs asks: 127.0.0.1:1: connection refused; 127.0.0.1:${standby.port}: a standby`,
    })
    await expect(on([primary.port], { target_session_attrs: "standby" }).port()).rejects.toMatchObject({
      message: `no PostgreSQL server is a standby, as target_session_attrs asks: 127.0.0.1:${primary.port}: a primary`,
    })
    await expect(on([1], { target_session_attrs: "prefer-standby" }).port()).rejects.toMatchObject({
      message: "no PostgreSQL server can be reached: 127.0.0.1:1: connection refused",
    })
    const away = on([1, 2]).postgres.transaction(insert)
    await expect(away).rejects.toMatchObject({
      code: "unavailable",
      message:
        "not saved: no PostgreSQL server can be reached: 127.0.0.1:1: connection refused; 127.0.0.1:2: connection refused",
    })
  })
})
