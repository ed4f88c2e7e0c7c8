import { beforeAll } from "vitest"
import { newStream } from "../../support/access-log.ts"
import { addAdministrator, addApiKey } from "../../support/people.ts"
import { freshDatabase, type TestDatabase } from "../../support/postgres.ts"

/** A platform with one administrator and no Redis: each scenario brings one of its own. Used within tests only. */
export class Platform {
  readonly stream = newStream()
  readonly database: TestDatabase = freshDatabase()
  private apiKey = ""

  constructor() {
    beforeAll(async () => {
      this.apiKey = await addApiKey(this.database.postgres, await addAdministrator(this.database.postgres))
    })
  }

  /**
   * What the administrator's environment holds to work with the Redis at `port`, by way of a proxy or directly, and
   * there as `user`, a name and a password, if need be.
   */
  environment(port: number, user?: string): Record<string, string> {
    const url = `redis://${user === undefined ? "" : `${user}@`}127.0.0.1:${port}`
    return this.environmentAt(`${url}/0`, `${url}/1`)
  }

  /** The same with the Redis of these URLs. */
  environmentAt(api: string, gateway: string): Record<string, string> {
    return {
      DATABASE_URL: this.database.url,
      REDIS_URL: api,
      GATEWAY_REDIS_URL: gateway,
      OPSDECK_STREAM: this.stream,
      OPSDECK_API_KEY: this.apiKey,
    }
  }
}
