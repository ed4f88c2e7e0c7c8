import { randomUUID } from "node:crypto"
import type { Redis } from "ioredis"
import { afterAll, beforeAll } from "vitest"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import type { Config } from "../../src/config.ts"
import { type Purpose, postgresGrants } from "../../src/services/grants.ts"
import type { Platform } from "../../src/services/platform.ts"
import { openPlatform } from "../../src/services/platform.ts"
import { redisGrant } from "../../src/services/redis-rights.ts"
import type { TestOperations } from "./operators.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"

/** The platform for somebody who has what `--grants` prints, and nothing else. */
export interface GrantedPlatform {
  readonly platform: Platform
  readonly config: Pick<Config, "environment" | "postgres" | "redis">
  /** What Redis refused since this was asked last, as its ACL log tells. */
  refusals(): Promise<string[]>
}

const PASSWORD = "granted"

/** Filled in by a hook; a role and a user of its own in both stores. */
export function platformGranted(
  purpose: Purpose,
  database: TestDatabase,
  operations: TestOperations,
  withMessages = true,
): GrantedPlatform {
  const granted = {} as { -readonly [K in keyof GrantedPlatform]: GrantedPlatform[K] }
  const name = `opsdeck_${randomUUID().replaceAll("-", "")}`
  const own = (statement: string) => statement.replace(/\bopsdeck(_reader)?\b/g, name)
  beforeAll(async () => {
    const place = {
      database: new URL(database.url).pathname.slice(1),
      schema: "public",
      generation: database.generation,
    }
    // What everybody may do by default is no part of what is granted.
    await asSuperuser(
      `revoke all on database "${place.database}" from public; revoke all on schema public from public`,
      database.url,
    )
    const statements = postgresGrants(purpose, { ...place, tables: undefined, withMessages })
    await asSuperuser(own(statements.join("\n")), database.url)
    await asSuperuser(`alter role ${name} password '${PASSWORD}'`, database.url)
    await command(operations.gateway, own(redisGrant(purpose, [ACCESS_LOG])).replace("PASSWORD", PASSWORD))
    const redis = operations.server.url.replace("//", `//${name}:${PASSWORD}@`)
    granted.config = {
      environment: "test",
      postgres: { url: withUser(database.url, name) },
      redis: { api: { url: `${redis}/0` }, gateways: oneGateway({ url: `${redis}/1` }) },
    }
    granted.platform = openPlatform(granted.config)
    granted.refusals = async () => {
      const log = (await operations.gateway.call("ACL", "LOG")) as unknown[][]
      await operations.gateway.call("ACL", "LOG", "RESET")
      return log.map(entry => String(entry[entry.indexOf("object") + 1]))
    }
  })
  afterAll(async () => {
    await granted.platform.close()
    await asSuperuser(`drop owned by ${name}; drop role ${name}`, database.url)
  })
  return granted
}

function withUser(url: string, name: string): string {
  const target = new URL(url)
  target.username = name
  target.password = PASSWORD
  return target.href
}

function command(redis: Redis, line: string): Promise<unknown> {
  const [name = "", ...args] = line.split(" ")
  return redis.call(name, ...args)
}
