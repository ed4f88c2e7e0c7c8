import { Redis } from "ioredis"
import { afterAll, beforeAll, expect } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import { command } from "../support/command.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import type { TestDatabase } from "../support/postgres.ts"
import type { Environment } from "../support/program.ts"

/** Everything a command needs, for the tests of the surrounding `describe`; filled in by a hook. */
export interface TestPlatform {
  readonly env: Environment & Readonly<Record<"DATABASE_URL" | "REDIS_URL" | "OPSDECK_API_KEY", string>>
  /** Writes as the gateway does. */
  readonly gateway: Redis
  /** The API's database. */
  readonly api: Redis
  readonly server: RedisServer
}

export function platformOn(database: TestDatabase): TestPlatform {
  const platform = {} as { -readonly [K in keyof TestPlatform]: TestPlatform[K] }
  beforeAll(async () => {
    platform.server = await startRedisServer()
    const gatewayUrl = `${platform.server.url}/1`
    platform.gateway = new Redis(gatewayUrl)
    platform.api = new Redis(`${platform.server.url}/0`)
    platform.env = {
      DATABASE_URL: database.url,
      REDIS_URL: `${platform.server.url}/0`,
      GATEWAY_REDIS_URL: gatewayUrl,
      OPSDECK_API_KEY: await addApiKey(database.postgres, await addAdministrator(database.postgres)),
    }
  })
  afterAll(async () => {
    platform.gateway.disconnect()
    platform.api.disconnect()
    await platform.server.stop()
  })
  return platform
}

/** Adds requests to the access log, with ids `firstMs`-0 and on, one millisecond apart. */
export async function logRequests(gateway: Redis, firstMs: number, requests: readonly Record<string, string>[]) {
  const pipeline = gateway.pipeline()
  requests.forEach((fields, i) => {
    pipeline.xadd(ACCESS_LOG, `${firstMs + i}-0`, ...Object.entries(fields).flat())
  })
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

/**
 * Runs each command for a program and for people: what it says is what the golden files of its name hold; `steady` replaces
 * what differs from run to run.
 */
export async function matchGoldens(
  env: Environment,
  commands: Readonly<Record<string, readonly string[]>>,
  steady = (text: string) => text,
) {
  for (const [name, argv] of Object.entries(commands)) {
    const { status, stdout, stderr } = await command([...argv, "--json"], env)
    expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: "" })
    await expect(steady(stdout)).toMatchFileSnapshot(`golden/${name}.json`)
    const forPeople = await command(argv, env)
    expect({ name, status: forPeople.status }).toEqual({ name, status: 0 })
    await expect(steady(forPeople.stdout)).toMatchFileSnapshot(`golden/${name}.txt`)
  }
}
