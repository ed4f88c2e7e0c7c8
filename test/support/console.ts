import { beforeAll } from "vitest"
import type { Gateway } from "./access-log.ts"
import { addAdministrator, addApiKey, type Person } from "./people.ts"
import type { TestDatabase } from "./postgres.ts"
import type { Environment } from "./program.ts"
import { Terminal } from "./terminal.ts"

/** A platform with one administrator, for tests that sit at its console. Its members may be used within tests only. */
export class Operations {
  administrator!: Person
  apiKey!: string
  private readonly database: TestDatabase
  private readonly gateway: Gateway

  constructor(database: TestDatabase, gateway: Gateway) {
    this.database = database
    this.gateway = gateway
    beforeAll(async () => {
      this.administrator = await addAdministrator(database.postgres, { username: "Alice Liddell" })
      this.apiKey = await addApiKey(database.postgres, this.administrator)
    })
  }

  /** What an operator's environment holds to work on `stream`. */
  environment(stream: string) {
    return {
      DATABASE_URL: this.database.url,
      REDIS_URL: `${this.gateway.server.url}/0`,
      GATEWAY_REDIS_URL: `${this.gateway.server.url}/1`,
      OPSDECK_STREAM: stream,
      OPSDECK_API_KEY: this.apiKey,
    }
  }

  /** Opens the console on `stream`; `env` changes single variables. */
  open(stream: string, size?: { columns: number; rows: number }, env: Environment = {}): Terminal {
    return Terminal.opsdeck([], { ...this.environment(stream), ...env }, size)
  }
}
