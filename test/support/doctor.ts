import { onTestFinished } from "vitest"
import type { RedisOptions } from "../../src/adapters/redis/connections.ts"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import type { Config } from "../../src/config.ts"
import type { Check } from "../../src/domain/check.ts"
import type { Credentials } from "../../src/domain/credentials.ts"
import { DeckError } from "../../src/domain/errors.ts"
import { doctor } from "../../src/services/doctor/doctor.ts"
import { openPlatform } from "../../src/services/platform.ts"
import type { TestOperations } from "./operators.ts"
import { addAdministrator } from "./people.ts"
import type { TestDatabase } from "./postgres.ts"

interface Visit {
  readonly databaseUrl?: string
  readonly redis?: RedisOptions
  readonly credentials?: Credentials | DeckError
  readonly env?: Readonly<Record<string, string>>
}

/** What the doctor finds in these stores, by area and name. */
export const doctorOn = (database: TestDatabase, operations: Pick<TestOperations, "server">) =>
  async function visit({ databaseUrl = database.url, redis, credentials, env = {} }: Visit = {}) {
    const { url } = operations.server
    const config = {
      environment: "test",
      postgres: { url: databaseUrl },
      redis: redis ?? { api: { url: `${url}/0` }, gateways: oneGateway({ url: `${url}/1` }) },
      logFile: "/nowhere",
    } as Config
    const platform = openPlatform(config)
    onTestFinished(() => platform.close())
    const who = credentials ?? (await addAdministrator(database.postgres))
    const { answer, failure } = await doctor.run(
      {
        ...platform,
        config,
        signal: new AbortController().signal,
        host: { env, terminal: undefined },
        credentials: async () => (who instanceof DeckError ? Promise.reject(who) : who),
      },
      {},
    )
    const checks = answer.data as Check[]
    const found = new Map(checks.map(({ area, name, ...finding }) => [`${area} ${name}`, finding]))
    const of = (state: Check["state"]) => [...found].filter(([, one]) => one.state === state).map(([name]) => name)
    return { found, of, failure }
  }
