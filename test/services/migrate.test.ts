import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { asSuperuser, createDatabase, dropDatabase } from "../support/postgres.ts"

let url: string
beforeAll(async () => {
  url = await createDatabase()
})
afterAll(() => dropDatabase(url))

test("a database without the platform's tables is named as such, with the remedy", async () => {
  const postgres = openPostgres({ url })
  await expect(postgres.ping()).rejects.toMatchObject({ code: "unavailable", message: /opsdeck migrate/ })
  await postgres.close()
})

test("a database that holds anything is refused and left alone", async () => {
  await asSuperuser("create view something as select 1", url)
  await expect(migrate(url)).rejects.toMatchObject({ code: "conflict", message: /is not empty/ })
  expect(await asSuperuser("select relname from pg_class where relname = 'users'", url)).toEqual([])
  await asSuperuser("drop view something", url)
})

test("of two migrations at once in an empty database, one creates the tables and the other is refused", async () => {
  const outcomes = await Promise.allSettled([migrate(url), migrate(url)])
  expect(outcomes.map(outcome => outcome.status).toSorted()).toEqual(["fulfilled", "rejected"])
  const postgres = openPostgres({ url })
  expect(await postgres.generation()).toBe("orgs")
  await expect(postgres.run(db => db.selectFrom("users").selectAll().execute())).resolves.toEqual([])
  await postgres.close()
})

test("tables of an extension are none of the database's own", async () => {
  const other = await createDatabase()
  await asSuperuser("create extension pg_stat_statements", other)
  await expect(migrate(other)).resolves.toBe(new URL(other).pathname.slice(1))
  await dropDatabase(other)
})

test("names can be searched by their trigrams, where the server has that extension", async () => {
  const other = await createDatabase()
  await migrate(other)
  expect(await trigramIndexes(other)).not.toEqual([])
  await dropDatabase(other)
})

test("a role that may not create extensions gets the tables all the same", async () => {
  const role = `plain_${randomUUID().replaceAll("-", "")}`
  await asSuperuser(`create role ${role} login password 'plain'`)
  const other = await createDatabase()
  await asSuperuser(`grant create on schema public to ${role}`, other)
  const asRole = new URL(other)
  Object.assign(asRole, { username: role, password: "plain" })
  await migrate(asRole.href)
  expect(await trigramIndexes(other)).toEqual([])
  expect(await asSuperuser("select count(*)::int as count from users", other)).toEqual([{ count: 0 }])
  await dropDatabase(other)
  await asSuperuser(`drop role ${role}`)
})

const trigramIndexes = (url: string) =>
  asSuperuser("select indexname from pg_indexes where indexdef like '%gin_trgm_ops%'", url)
