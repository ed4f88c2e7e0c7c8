import { randomUUID } from "node:crypto"
import pg from "pg"
import { afterAll, beforeAll, describe, inject } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import type { Generation } from "../../src/adapters/postgres/generation.ts"

/** A database of a test's own. Its members may be used within hooks and tests only, since it is made by a hook. */
export interface TestDatabase {
  readonly generation: Generation
  readonly url: string
  readonly postgres: Postgres
}

/** Runs `body` as the tests of both naming generations, each on a fresh platform database. */
export function eachGeneration(body: (database: TestDatabase) => void): void {
  describe.each(["orgs", "accounts"] as const)("on the %s generation", generation => body(freshDatabase(generation)))
}

/** A fresh platform database of `generation` for the tests of the surrounding file or `describe`. */
export function freshDatabase(generation: Generation = "orgs"): TestDatabase {
  const database = { generation } as { -readonly [K in keyof TestDatabase]: TestDatabase[K] }
  beforeAll(async () => {
    database.url = await createDatabase(`template_${generation}`)
    database.postgres = openPostgres({ url: database.url })
  })
  afterAll(async () => {
    await database.postgres.close()
    await dropDatabase(database.url)
  })
  return database
}

/** Creates a database with a name of its own as a copy of `template` (by default empty); returns its URL. */
export async function createDatabase(template = "template1"): Promise<string> {
  const name = `test_${randomUUID()}`
  await asSuperuser(`create database "${name}" template "${template}"`)
  return databaseUrl(name)
}

export async function dropDatabase(url: string): Promise<void> {
  await asSuperuser(`drop database "${new URL(url).pathname.slice(1)}" with (force)`)
}

/** Runs SQL past the code under test, on any database of the shared server. */
export async function asSuperuser(query: string, url = databaseUrl("postgres")): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(query)).rows
  } finally {
    await client.end()
  }
}

function databaseUrl(name: string): string {
  const url = new URL(inject("postgresUrl"))
  url.pathname = name
  return url.href
}
